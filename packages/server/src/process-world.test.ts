import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../test-support/temporary-folder.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

const env = {
  PATH: process.env.PATH,
  CARDEA_ISSUER: 'http://localhost:8000',
  CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa',
}

const start = (...args: string[]) =>
  spawn(process.execPath, ['--conditions=cardea-source', main, ...args], {
    cwd: temporaryFolder(),
    env,
  })

async function serving() {
  const child = start('serve', '--port', '0', '--json')
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  const { addresses } = JSON.parse(String(chunk)) as { addresses: string[] }
  return { child, url: `http://${addresses[0]}` }
}

const refusedToken = async (url: string): Promise<number> => {
  const headers = { authorization: 'Basic bm86bm8=' }
  const body = new URLSearchParams({ grant_type: 'client_credentials' })
  return (await fetch(`${url}/token`, { method: 'POST', headers, body })).status
}

test('process: a server whose output nobody reads any more goes on', async () => {
  const { child, url } = await serving()
  child.stderr.destroy()
  child.stdout.destroy()
  for (let index = 0; index < 3; index += 1) assert.equal(await refusedToken(url), 401)
  assert.equal((await fetch(`${url}/health/ready`)).status, 200)
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

test('process: SIGTERM drains, writes the log out and ends with 0', async () => {
  const { child, url } = await serving()
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += String(chunk)
  })
  assert.equal(await refusedToken(url), 401)
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'close'), [0, null])
  const lines = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string })
  assert.equal(lines.at(-1)?.msg, 'stopped')
  assert.ok(lines.some(({ msg }) => msg === 'client_authentication_failed'))
})

test('process: SIGUSR1 opens no debugger, and the server goes on', async () => {
  const { child, url } = await serving()
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += String(chunk)
  })
  child.kill('SIGUSR1')
  while (!/SIGUSR1 is ignored|Debugger/.test(log)) await once(child.stderr, 'data')
  assert.equal(await refusedToken(url), 401)
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'close'), [0, null])
  assert.doesNotMatch(log, /Debugger listening/)
})

test('process: a command whose output is not read to its end is no error', async () => {
  const child = start('--help')
  child.stdout.destroy()
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += String(chunk)
  })
  assert.deepEqual(await once(child, 'close'), [0, null])
  assert.equal(errors, '')
})

test('process: wrong usage ends with 2, without a stack', async () => {
  const child = start('serve', '--port', 'http')
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += String(chunk)
  })
  assert.deepEqual(await once(child, 'close'), [2, null])
  assert.equal(errors, 'error: port (from --port): got "http"; must be a whole number from 0 to 65535\n')
})
