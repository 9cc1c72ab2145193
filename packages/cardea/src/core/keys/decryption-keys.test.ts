import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byValue, encryptedTo, objectOf, outcomeOf, startSigning } from '../../../test-support/signed-requests.ts'
import { storedKeys } from '../../stored-keys.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import type { TestServer, TestServerOptions } from '../../testing/test-server.ts'
import { retiredFor, staleAfter } from './key-times.ts'

const secret = 'a secret of the server, long enough'
const another = 'another secret of the server, as long'

interface PublishedKey {
  readonly kty: string
  readonly use: string
  readonly alg: string
  readonly kid: string
}

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startSigning({ requestObjects: { encryption: true }, secrets: [secret], ...options })

async function published(server: TestServer): Promise<readonly PublishedKey[]> {
  const answer = await server.agent().get('/jwks')
  assert.equal(answer.status, 200)
  const { keys } = (await answer.json()) as { readonly keys: readonly PublishedKey[] }
  return keys.filter(({ use }) => use === 'enc')
}

const read = async (server: TestServer, key: PublishedKey): Promise<string> =>
  outcomeOf(server, byValue(await encryptedTo(key, objectOf(server))))

const rotations = ({ events }: TestServer) =>
  events.flatMap((event) =>
    event.type === 'key_rotated' ? [[event.use, event.algorithm, event.reason].join(' ')] : [],
  )

test('T-KEY-1, RFC 9101 §6.1: a rotation publishes other keys to encrypt to, and the ones before decrypt for a day', async () => {
  const server = await start()
  const before = await published(server)
  const rotated = await server.provider.rotateKeys()
  const after = await published(server)
  assert.deepEqual(
    rotated.flatMap((one) => (one.rotated && one.algorithm !== 'ES256' ? [one.kid] : [])),
    after.map(({ kid }) => kid),
  )
  assert.equal(after.length, 2)
  assert.ok(before.every(({ kid }) => after.every((key) => key.kid !== kid)))
  for (const key of [...before, ...after]) assert.equal(await read(server, key), 'asked')
  server.clock.advance(retiredFor + 1)
  for (const key of before) assert.equal(await read(server, key), 'page invalid_request_object')
  for (const key of after) assert.equal(await read(server, key), 'asked')
})

test('T-KEY-1: one algorithm is rotated alone, by programs without a provider too, and events tell of it', async () => {
  const server = await start()
  const before = await published(server)
  await server.provider.rotateKeys({ algorithm: 'ECDH-ES' })
  const after = await published(server)
  const changed = after.filter(({ kid }) => before.every((key) => key.kid !== kid)).map(({ alg }) => alg)
  assert.deepEqual([changed, rotations(server)], [['ECDH-ES'], ['enc ECDH-ES request']])
  const { clock, store } = server
  const [rotation] = await storedKeys({ store, secrets: [secret], clock }).rotate({ algorithm: 'RSA-OAEP-256' })
  assert.equal(rotation?.rotated, true)
  const unused = storedKeys({ store: memoryStore(), secrets: [secret], clock })
  assert.deepEqual(await unused.rotate({ algorithm: 'ECDH-ES' }), [])
})

test('T-KEY-1: an instance reads what is encrypted to a key that another has just published', async () => {
  const one = await start()
  const two = await start({ store: one.store, clock: one.clock, clients: [], users: [] })
  await published(two)
  await one.provider.rotateKeys()
  one.clock.advance(1)
  for (const key of await published(one)) assert.equal(await read(two, key), 'asked', key.alg)
})

test('T-KEY-1: keys to encrypt to are replaced by the schedule, by one of the instances', async () => {
  const one = await start({ signingKeys: { rotateEvery: 7200 } })
  const { clock, store } = one
  const two = await start({ signingKeys: { rotateEvery: 7200 }, store, clock, clients: [], users: [] })
  const before = await published(one)
  clock.advance(7199)
  assert.deepEqual(await published(two), before)
  clock.advance(staleAfter)
  const [of1, of2] = await Promise.all([published(one), published(two)])
  assert.equal(of1.length, 2)
  assert.ok(of1.every(({ kid }) => before.every((key) => key.kid !== kid)))
  assert.deepEqual(of1, of2)
  const told = [...rotations(one), ...rotations(two)].filter((line) => line.startsWith('enc'))
  assert.deepEqual(told.sort(), ['enc ECDH-ES schedule', 'enc RSA-OAEP-256 schedule'])
})

test('T-KEY-1: keys whose secret is gone are not published, and replaced by themselves; nothing else stops', async () => {
  const one = await start()
  const before = await published(one)
  const { clock, store } = one
  const two = await start({ store, clock, secrets: [another], clients: [], users: [] })
  // Not at once: two instances whose secrets differ would replace each other's for ever.
  assert.deepEqual(await published(two), [])
  clock.advance(3600)
  const after = await published(two)
  assert.equal(after.length, 2)
  assert.ok(before.every(({ kid }) => after.every((key) => key.kid !== kid)))
  for (const key of after) assert.equal(await read(two, key), 'asked')
  for (const key of before) assert.equal(await read(two, key), 'page invalid_request_object')
  assert.equal(rotations(two).filter((line) => line.endsWith('secret_gone')).length, 2)
})
