import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { memoryStore } from '../../stores/memory/index.ts'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import { keyringFrom } from '../crypto/keyring.ts'
import type { Store } from '../ports/store.ts'
import { longestSigned, publishedBefore, retiredFor, staleAfter } from './key-times.ts'
import { serverKeys } from './server-keys.ts'

const secret = 'a secret of the server, long enough'
const jwt = { typ: 'test+jwt', claims: { iss: 'https://auth.example' } }

interface Counted {
  readonly store: Store
  reads(): number
}

/** Counts how often the keys are read. */
function counted(store: Store): Counted {
  let reads = 0
  const signingKeys = {
    ...store.signingKeys,
    all() {
      reads += 1
      return store.signingKeys.all()
    },
  }
  return { store: { ...store, signingKeys }, reads: () => reads }
}

const keysOn = (store: Store, clock = fakeClock(), options = {}) =>
  serverKeys({ signingKeys: store.signingKeys, replay: store.replay, keyring: keyringFrom([secret]), clock }, options)

const kidOf = (token: string): string => decodeProtectedHeader(token).kid as string
const statesIn = async (store: Store) => (await store.signingKeys.all()).map(({ state }) => state).sort()

test('T-KEY-1: keys are made on first need: one that signs, one to follow, each with its own kid', async () => {
  const store = memoryStore()
  const keys = keysOn(store)
  assert.deepEqual(await store.signingKeys.all(), [])
  const token = await keys.sign(jwt)
  assert.deepEqual(await statesIn(store), ['active', 'next'])
  const { keys: published } = await keys.published()
  assert.equal(new Set(published.map(({ kid }) => kid)).size, 2)
  const { protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys: [...published] }))
  assert.deepEqual(protectedHeader, { alg: 'ES256', typ: 'test+jwt', kid: kidOf(token) })
})

for (const algorithm of ['ES256', 'EdDSA', 'RS256', 'PS256'] as const) {
  test(`T-KEY-1: ${algorithm} keys verify by what is published, which has no private member`, async () => {
    const store = memoryStore()
    const keys = keysOn(store, fakeClock(), { algorithm })
    const token = await keys.sign(jwt)
    const { keys: published } = await keys.published()
    await jwtVerify(token, createLocalJWKSet({ keys: [...published] }))
    for (const jwk of published) {
      assert.deepEqual(
        Object.keys(jwk).filter((name) => !['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'].includes(name)),
        [],
      )
      assert.equal(jwk.alg, algorithm)
    }
  })
}

test('T-KEY-1: a private member in a stored public key is not published', async () => {
  const store = memoryStore()
  const keys = keysOn(store)
  await keys.sign(jwt)
  const [key] = await store.signingKeys.all()
  assert.ok(key)
  await store.signingKeys.save({ ...key, publicJwk: { ...key.publicJwk, d: 'secret' } })
  const { keys: published } = await keysOn(store).published()
  assert.ok(!JSON.stringify(published).includes('secret'))
})

test('T-KEY-1: the private half is sealed under the server secret, and opens for its own kid only', async () => {
  const store = memoryStore()
  await keysOn(store).sign(jwt)
  const rows = await store.signingKeys.all()
  assert.ok(!JSON.stringify(rows).includes('"d"'))
  const [first, second] = rows
  assert.ok(first && second)
  await store.signingKeys.save({ ...first, sealedPrivateJwk: second.sealedPrivateJwk })
  await store.signingKeys.save({ ...second, sealedPrivateJwk: first.sealedPrivateJwk })
  await assert.rejects(keysOn(store).sign(jwt), /none of the secrets opens it/)
})

const directory = mkdtempSync(join(tmpdir(), 'cardea-keys-'))
after(() => rmSync(directory, { recursive: true, force: true }))

let opened = 0
const stores = [
  ['memory', async () => memoryStore()],
  [
    'sqlite',
    async () => {
      opened += 1
      return sqliteStore({ file: join(directory, `${opened}.db`) })
    },
  ],
] as const

for (const [name, open] of stores) {
  test(`T-KEY-1: of 100 instances on one ${name} store that need the first key at once, one makes it`, async () => {
    const store = await open()
    const clock = fakeClock()
    const tokens = await Promise.all(Array.from({ length: 100 }, () => keysOn(store, clock).sign(jwt)))
    assert.equal(new Set(tokens.map(kidOf)).size, 1)
    assert.deepEqual(await statesIn(store), ['active', 'next'])
    await store.close()
  })

  test(`T-KEY-1: of 100 instances on one ${name} store that rotate at once, one does, and all agree`, async () => {
    const store = await open()
    const clock = fakeClock()
    const all = Array.from({ length: 100 }, () => keysOn(store, clock))
    const before = kidOf(await (all[0] as (typeof all)[0]).sign(jwt))
    clock.advance(publishedBefore)
    const rotations = (await Promise.all(all.map((keys) => keys.rotate()))).flat()
    assert.deepEqual(await statesIn(store), ['active', 'next', 'retired'])
    const after = new Set((await Promise.all(all.map((keys) => keys.sign(jwt)))).map(kidOf))
    assert.equal(after.size, 1)
    assert.ok(!after.has(before))
    assert.ok(rotations.some(({ rotated, kid }) => rotated && after.has(kid)))
    await store.close()
  })
}

test('T-KEY-1: a retired key verifies for longer than anything it signed lives, and is then gone', async () => {
  const store = memoryStore()
  const clock = fakeClock()
  const keys = keysOn(store, clock)
  const token = await keys.sign(jwt)
  clock.advance(publishedBefore)
  const [rotation] = await keys.rotate()
  assert.ok(rotation?.rotated)
  assert.equal(rotation.retired, kidOf(token))
  assert.notEqual(kidOf(await keys.sign(jwt)), kidOf(token))
  const hint = { alg: 'ES256', kid: kidOf(token) } as const
  assert.ok(retiredFor > longestSigned)
  clock.advance(longestSigned)
  assert.equal((await keys.verification.candidates(hint)).length, 1)
  clock.advance(retiredFor - longestSigned + 1)
  assert.deepEqual(await keys.verification.candidates(hint), [])
})

test('T-KEY-1: a key that was published only now is not used yet, unless at once is said', async () => {
  const keys = keysOn(memoryStore())
  const before = kidOf(await keys.sign(jwt))
  const [refused] = await keys.rotate()
  assert.ok(refused !== undefined && !refused.rotated)
  assert.equal(kidOf(await keys.sign(jwt)), before)
  const [done] = await keys.rotate({ immediately: true })
  assert.equal(done?.rotated, true)
  assert.notEqual(kidOf(await keys.sign(jwt)), before)
})

test('T-KEY-1: keys are replaced by the schedule, and another instance follows within a minute', async () => {
  const store = memoryStore()
  const clock = fakeClock()
  const [one, other] = [keysOn(store, clock, { rotateEvery: 3600 }), keysOn(store, clock, { rotateEvery: 3600 })]
  const first = kidOf(await one.sign(jwt))
  assert.equal(kidOf(await other.sign(jwt)), first)
  clock.advance(3600)
  const second = kidOf(await one.sign(jwt))
  assert.notEqual(second, first)
  assert.equal(kidOf(await other.sign(jwt)), second)
  assert.deepEqual(await statesIn(store), ['active', 'next', 'retired'])
})

test('T-KEY-1: signing and verifying read the store once a minute at most', async () => {
  const clock = fakeClock()
  const { store, reads } = counted(memoryStore())
  const keys = keysOn(store, clock)
  const kid = kidOf(await keys.sign(jwt))
  const before = reads()
  for (let count = 0; count < 100; count += 1) {
    await keys.sign(jwt)
    assert.equal((await keys.verification.candidates({ alg: 'ES256', kid })).length, 1)
  }
  assert.equal(reads(), before)
  clock.advance(staleAfter)
  await Promise.all([keys.sign(jwt), keys.sign(jwt)])
  assert.equal(reads(), before + 1)
})

test('T-JWT-2: forged kids do not become queries', async () => {
  const clock = fakeClock()
  const { store, reads } = counted(memoryStore())
  const keys = keysOn(store, clock)
  await keys.sign(jwt)
  clock.advance(staleAfter / 2)
  const before = reads()
  await Promise.all(
    Array.from({ length: 100 }, (_, index) => keys.verification.candidates({ alg: 'ES256', kid: `forged-${index}` })),
  )
  assert.equal(reads(), before + 1)
  assert.deepEqual(await keys.verification.candidates({ alg: 'ES256', kid: undefined }), [])
})

test('T-KEY-1: a key that another instance began to sign with meanwhile is found', async () => {
  const store = memoryStore()
  const clock = fakeClock()
  const [one, other] = [keysOn(store, clock), keysOn(store, clock)]
  await one.sign(jwt)
  await other.sign(jwt)
  clock.advance(20)
  await one.rotate({ immediately: true })
  const { keys: published } = await one.published()
  for (const { kid } of published)
    assert.equal((await other.verification.candidates({ alg: 'ES256', kid: kid as string })).length, 1)
})

test('T-KEY-1: with new secrets alone, rotating makes keys that sign, and old tokens still verify', async () => {
  const store = memoryStore()
  const clock = fakeClock()
  const token = await keysOn(store, clock).sign(jwt)
  const parts = { signingKeys: store.signingKeys, replay: store.replay, clock }
  const keys = serverKeys({ ...parts, keyring: keyringFrom(['other secrets, which are as long as the first']) })
  await assert.rejects(keys.sign(jwt), /none of the secrets opens it; add the secret it was made under, or rotate keys/)
  await keys.rotate({ immediately: true })
  assert.notEqual(kidOf(await keys.sign(jwt)), kidOf(token))
  assert.equal((await keys.verification.candidates({ alg: 'ES256', kid: kidOf(token) })).length, 1)
})

test('T-KEY-1: a key whose secret is gone is replaced by itself, and not again and again', async () => {
  const store = memoryStore()
  const clock = fakeClock()
  const token = await keysOn(store, clock).sign(jwt)
  const parts = { signingKeys: store.signingKeys, replay: store.replay, clock }
  const keys = serverKeys({ ...parts, keyring: keyringFrom(['other secrets, which are as long as the first']) })
  clock.advance(publishedBefore)
  const kid = kidOf(await keys.sign(jwt))
  assert.notEqual(kid, kidOf(token))
  assert.equal(kidOf(await keys.sign(jwt)), kid)
  await assert.rejects(keysOn(store, clock).sign(jwt), /none of the secrets opens it/)
  assert.equal((await keys.verification.candidates({ alg: 'ES256', kid: kidOf(token) })).length, 1)
})
