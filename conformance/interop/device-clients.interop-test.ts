import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { startAuthorizationServer } from '../servers/authorization-server.ts'
import { john } from '../servers/resource-owner.ts'
import { decideOnDevice, television } from '../servers/television.ts'

const program = join(import.meta.dirname, 'programs', 'authlib_device_client.py')

test('RFC 8628: the client of Authlib asks, waits, gets a token and uses it', async (t) => {
  const box = { ...television, client_id: 'box', secret: 'secret of the box' }
  const server = await startAuthorizationServer(t, { deviceGrant: true, clients: [box], users: [john] })
  const env = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    OAUTH2_CLIENT_ID: box.client_id,
    OAUTH2_CLIENT_SECRET: box.secret,
    OAUTH2_DEVICE_AUTHORIZATION: `${server.issuer}/device_authorization`,
    OAUTH2_TOKEN: `${server.issuer}/token`,
    OAUTH2_RESOURCE: server.resource,
  }
  // The distribution's interpreter: another one in PATH would not find its packages.
  const child = spawn('/usr/bin/python3', [program], { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: 60_000 })
  const ended = once(child, 'close')
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints += String(chunk)
  })
  const said = new Map<string, string>()
  for await (const line of createInterface({ input: child.stdout })) {
    const [word = '', ...rest] = line.split(' ')
    said.set(word, rest.join(' '))
    if (word !== 'DEVICE') continue
    const [verificationUri = '', userCode = ''] = rest
    await decideOnDevice(server, verificationUri, userCode, 'allow')
    child.stdin.end('\n')
  }
  const [code] = await ended
  assert.equal(code, 0, complaints)
  assert.deepEqual([said.get('REFUSED'), said.get('SCOPE')], ['authorization_pending', 'read'])
  const { clientId, userId } = JSON.parse(said.get('RESULT') ?? '{}') as Record<string, unknown>
  assert.deepEqual([clientId, userId], ['box', john.id])
})
