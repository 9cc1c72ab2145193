import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SecretHasher } from '../../core/ports/secret-hasher.ts'
import type { HttpRequest } from '../../http/request.ts'
import { fastHasher } from '../../testing/fast-hasher.ts'
import { clientFrom, startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'
import { hashClientSecret, mintClientSecret, secretCheck } from './client-secret.ts'

const ask = (server: TestServer, secret: string, remoteAddress?: string) =>
  server.post(
    '/token',
    { grant_type: 'client_credentials' },
    { client: ['job', secret], ...(remoteAddress !== undefined && { remoteAddress }) },
  )

/** A server whose hasher counts what it is asked. */
async function start(secret: string, options: TestServerOptions = {}) {
  const asked = { count: 0 }
  const hasher: SecretHasher = {
    hash: fastHasher.hash,
    verify(hash, presented) {
      asked.count += 1
      return fastHasher.verify(hash, presented)
    },
  }
  const server = await startTestServer({ clients: [{ client_id: 'job', secret }], hasher, ...options })
  return { server, asked }
}

test('RFC 6749 §10.1: a minted secret is stored as a digest, a chosen one by the slow hash', async () => {
  const minted = mintClientSecret()
  assert.match(minted, /^csc_[\w-]{49}$/)
  const hash = await hashClientSecret(fastHasher, minted)
  assert.match(hash, /^sha256:[\w-]{43}$/)
  assert.equal(hash.includes(minted), false)
  assert.match(await hashClientSecret(fastHasher, 'testpassword'), /^testing:/)
})

test('RFC 6749 §10.1: a minted secret costs no slow hash', async () => {
  const secret = mintClientSecret()
  const { server, asked } = await start(secret)
  assert.equal((await ask(server, secret)).status, 200)
  assert.equal((await ask(server, mintClientSecret())).status, 401)
  assert.equal(asked.count, 0)
})

test('RFC 6749 §10.1: a chosen secret pays for the slow hash once, until it is changed', async () => {
  const { server, asked } = await start('first')
  for (let n = 0; n < 5; n += 1) assert.equal((await ask(server, 'first')).status, 200)
  assert.equal(asked.count, 1)
  await server.store.clients.save(await clientFrom({ client_id: 'job', secret: 'second' }))
  assert.equal((await ask(server, 'first')).status, 401)
  assert.equal((await ask(server, 'second')).status, 200)
})

test('RFC 6749 §10.1: a thousand chosen secrets are remembered, and then the oldest is forgotten', async () => {
  const { server, asked } = await start('first')
  const unread = {} as HttpRequest
  const { verify } = secretCheck(server.provider.engine.hasher)
  const check = async (secret: string): Promise<boolean> => {
    const client = await clientFrom({ client_id: 'any', secret })
    return verify(server.provider.engine, client, { clientId: 'any', secret }, async () => {}, unread)
  }
  for (let n = 0; n < 1001; n += 1) assert.equal(await check(`chosen ${n}`), true)
  assert.equal(asked.count, 1001)
  await check('chosen 1000')
  await check('chosen 1')
  assert.equal(asked.count, 1001)
  await check('chosen 0')
  assert.equal(asked.count, 1002)
})

test('RFC 6749 §10.10: guesses at a chosen secret are limited per network, and the limit ends', async () => {
  const { server } = await start('chosen', { limits: { client: { attempts: 3, window: 300 } } })
  for (let n = 0; n < 3; n += 1) assert.equal((await ask(server, `guess ${n}`)).status, 401)
  const limited = await ask(server, 'chosen')
  assert.deepEqual([limited.status, limited.headers.get('retry-after')], [429, '300'])
  assert.equal((await ask(server, 'chosen', '198.51.100.1')).status, 200)
  server.clock.advance(300)
  assert.equal((await ask(server, 'chosen')).status, 200)
})

test('RFC 6749 §10.10: the right secret forgets the guesses before it', async () => {
  const { server } = await start('chosen', { limits: { client: { attempts: 3, window: 300 } } })
  const statuses: number[] = []
  for (const secret of ['typo 1', 'typo 2', 'chosen', 'typo 3', 'typo 4', 'typo 5', 'typo 6'])
    statuses.push((await ask(server, secret)).status)
  assert.deepEqual(statuses, [401, 401, 200, 401, 401, 401, 429])
})

test('RFC 6749 §10.10: a known good secret is not shut out by the guesses of a neighbour', async () => {
  const { server } = await start('chosen', { limits: { client: { attempts: 3, window: 300 } } })
  assert.equal((await ask(server, 'chosen')).status, 200)
  for (let n = 0; n < 10; n += 1) await ask(server, `guess ${n}`)
  assert.equal((await ask(server, 'guess again')).status, 429)
  assert.equal((await ask(server, 'chosen')).status, 200)
})

test('RFC 6749 §10.10: a hundred parallel guesses are not a hundred chances', async () => {
  const { server, asked } = await start('chosen')
  await Promise.all(Array.from({ length: 100 }, (_, n) => ask(server, `guess ${n}`)))
  assert.equal(asked.count, 30)
})

test('RFC 6749 §10.10: a burst with the right secret is one try, not a hundred', async () => {
  const { server, asked } = await start('chosen')
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(server, 'chosen')))
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
  assert.equal(asked.count, 1)
})

test('RFC 6749 §10.10: a secret of a megabyte is refused without being hashed slowly', async () => {
  const { server, asked } = await start('chosen')
  const form = { grant_type: 'client_credentials', client_id: 'job', client_secret: 'x'.repeat(100_000) }
  assert.equal((await server.post('/token', form)).status, 401)
  assert.equal(asked.count, 0)
})

test('RFC 6749 §10.10: what was typed into client_id is not kept by the counter of guesses', async () => {
  const { server } = await start('chosen')
  const keys: string[] = []
  const { add } = server.store.attempts
  server.store.attempts.add = (key, ...rest) => {
    keys.push(key)
    return add.call(server.store.attempts, key, ...rest)
  }
  await server.post('/token', { grant_type: 'client_credentials' }, { client: ['a-secret-in-the-wrong-field', 'x'] })
  assert.equal(keys.length, 1)
  assert.equal(keys[0]?.includes('a-secret'), false)
})
