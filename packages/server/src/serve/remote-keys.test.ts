import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { listenOnLoopback } from '../../../cardea/src/testing/loopback.ts'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const issuer = 'http://localhost:8000'
const env = { CARDEA_ISSUER: issuer, CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }
const now = 1_800_000_000

test('RFC 7523 §2.2, T-SSRF-1: the server fetches keys from its own machine, over http, only where that is allowed by name', async (t) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  let fetches = 0
  const keys = { keys: [await exportJWK(publicKey)] }
  const host = await listenOnLoopback((_request, response) => {
    fetches += 1
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(keys))
  })
  t.after(host.close)
  const statusWith = async (allowHosts: readonly string[]): Promise<number> => {
    const cli = new InProcessWorld()
    cli.write('cardea.config.json', {
      outgoing: { allowHosts },
      clients: [
        {
          client_id: 'job',
          token_endpoint_auth_method: 'private_key_jwt',
          jwks_uri: `${host.origin}/jwks`,
          grant_types: ['client_credentials'],
        },
      ],
      scopes: [{ name: 'read', is_default: true }],
    })
    const server = await cli.serve('serve --port 0', { env })
    t.after(async () => {
      server.signal('SIGINT')
      await server.done
    })
    const client_assertion = await new SignJWT({
      iss: 'job',
      sub: 'job',
      aud: issuer,
      jti: randomUUID(),
      exp: now + 60,
    })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey)
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
    })
    return (await fetch(`${server.url}/token`, { method: 'POST', body })).status
  }
  assert.equal(await statusWith([]), 401)
  assert.equal(fetches, 0)
  assert.equal(await statusWith([new URL(host.origin).host]), 200)
  assert.equal(fetches, 1)
})

test('RFC 7591 §2.3, T-SSRF-1: keys of software statements may be on this machine, over http, where that is allowed by name', async () => {
  const keys = 'http://127.0.0.1:4/jwks'
  const registration = { mode: 'open', softwareStatements: [{ issuer: 'https://directory.example', jwksUri: keys }] }
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', { registration, outgoing: { allowHosts: ['127.0.0.1:4'] } })
  const server = await cli.serve('serve --port 0', { env })
  server.signal('SIGINT')
  assert.equal((await server.done).code, 0)
  cli.write('cardea.config.json', { registration })
  const { code, err } = await cli.run('serve --port 0', { env })
  assert.equal(code, 2)
  assert.match(err, /softwareStatements\[0\]\.jwksUri: must be an https URL/)
})

test('RFC 7517 §5: keys of a client at a place that nobody would go to are refused with what is valid', async () => {
  const cli = new InProcessWorld()
  const client = {
    client_id: 'job',
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials'],
  }
  cli.write('cardea.config.json', { clients: [{ ...client, jwks_uri: 'http://keys.example/jwks' }] })
  const { code, err } = await cli.run('serve --port 0', { env })
  assert.equal(code, 2)
  assert.match(err, /jwks_uri: must be an https URL \(http on this machine only\)/)
})
