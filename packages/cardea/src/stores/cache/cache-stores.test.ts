import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { digestOf } from '../../core/crypto/digest.ts'
import type { OAuth1ShortTerm } from '../../core/ports/oauth1-storage.ts'
import type { Store } from '../../core/ports/store.ts'
import { StorageUnavailable } from '../../core/spec/storage-error.ts'
import { start } from '../../testing/store-contract/nouns.ts'
import { approvalNamed, temporaryNamed } from '../../testing/store-contract/oauth1-nouns.ts'
import { oauth1ShortTermContract } from '../../testing/store-contract/oauth1-short-term.ts'
import { memoryStore } from '../memory/index.ts'
import { sqliteStore } from '../sqlite/index.ts'
import type { AtomicCache } from './atomic-cache.ts'
import { cacheStores } from './cache-stores.ts'
import { memoryCache } from './memory-cache.ts'

/** Every call takes its own number of turns on the way there and back, so that concurrent callers interleave anew. */
function jittery(cache: AtomicCache): AtomicCache {
  let state = 20260101
  const travel = async (): Promise<void> => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    for (let left = (state >>> 16) % 6; left > 0; left -= 1) await turn()
  }
  const remote = async <T>(run: () => Promise<T>): Promise<T> => {
    await travel()
    const answer = await run()
    await travel()
    return answer
  }
  return {
    get: (key) => remote(() => cache.get(key)),
    set: (key, value, ttlSeconds) => remote(() => cache.set(key, value, ttlSeconds)),
    delete: (key) => remote(() => cache.delete(key)),
    add: (key, value, ttlSeconds) => remote(() => cache.add(key, value, ttlSeconds)),
  }
}

/** What a store offers besides its ledger: it keeps the same promises. */
const shortTermOf = (store: Store): OAuth1ShortTerm => ({
  saveTemporary: (credential) => store.temporaryCredentials.save(credential),
  findTemporary: (digest) => store.temporaryCredentials.find(digest),
  declineTemporary: (digest) => store.temporaryCredentials.decline(digest),
  removeTemporary: (digest) => store.temporaryCredentials.remove(digest),
  approveTemporary: async (digest, approval, at) =>
    (await store.ledger.commit({ at, approve: { digest, approval } })) === 'done',
  takeTemporary: async (digest, at) =>
    (await store.ledger.commit({ at, spend: { kind: 'temporary_credential', digest } })) === 'done',
  claimNonce: (key, until, at) => store.replay.claim(key, until, at),
})

oauth1ShortTermContract('memoryCache', () => cacheStores(memoryCache()))
oauth1ShortTermContract('memoryCache behind a network', () => cacheStores(jittery(memoryCache())))
oauth1ShortTermContract('memory store', () => shortTermOf(memoryStore()))
oauth1ShortTermContract('SQLite store', async () => shortTermOf(await sqliteStore({ file: ':memory:' })))

/** A cache that tells which keys were written, and for how long. */
function recording(): { readonly cache: AtomicCache; readonly ttls: Map<string, number> } {
  const inner = memoryCache()
  const ttls = new Map<string, number>()
  const cache: AtomicCache = {
    ...inner,
    add(key, value, ttlSeconds) {
      ttls.set(key, ttlSeconds)
      return inner.add(key, value, ttlSeconds)
    },
  }
  return { cache, ttls }
}

test('cacheStores: keys have the usual prefixes, and what is not over stays for a day', async () => {
  const { cache, ttls } = recording()
  const kept = cacheStores(cache)
  const digest = digestOf('asked')
  await kept.saveTemporary(temporaryNamed('asked', { expiresAt: start + 1_000_000 }))
  await kept.claimNonce('nonce', start + 300, start)
  await kept.claimNonce('later', start + 100_000, start)
  assert.deepEqual(
    [...ttls],
    [
      [`temporary_credential:${digest}`, 86_400],
      [`nonce:${digestOf('nonce')}`, 86_400],
      [`nonce:${digestOf('later')}`, 100_001],
    ],
  )
})

test('cacheStores: prefixes and times are configurable, and never shorten what a timestamp needs', async () => {
  const { cache, ttls } = recording()
  const kept = cacheStores(cache, {
    temporaryCredentialTtl: 120,
    nonceTtl: 10,
    temporaryCredentialPrefix: 'tc/',
    noncePrefix: 'n/',
  })
  await kept.saveTemporary(temporaryNamed('long'))
  await kept.saveTemporary(temporaryNamed('short', { expiresAt: start + 60 }))
  await kept.saveTemporary(temporaryNamed('none', { expiresAt: start }))
  await kept.claimNonce('nonce', start + 300, start)
  await kept.claimNonce('past', start - 300, start)
  assert.deepEqual([...ttls.values()], [120, 60, 1, 301, 10])
  for (const key of ttls.keys()) assert.match(key, /^(?:tc|n)\/[\w-]{43}$/)
})

test('cacheStores: a taken credential stays taken when the cache evicts the mark', async () => {
  const cache = memoryCache()
  const kept = cacheStores(cache)
  const digest = digestOf('asked')
  await kept.saveTemporary(temporaryNamed('asked'))
  await kept.approveTemporary(digest, approvalNamed('asked'), start)
  await kept.takeTemporary(digest, start + 1)
  await cache.delete(`temporary_credential:${digest}:end`)
  assert.equal(await kept.takeTemporary(digest, start + 2), false)
  assert.equal((await kept.findTemporary(digest))?.takenAt, start + 1)
})

test('cacheStores: what is no credential, or one of another key, is not there', async () => {
  const cache = memoryCache()
  const kept = cacheStores(cache)
  const digest = digestOf('asked')
  for (const value of ['', '{', 'null', '7', '"text"', '{}', JSON.stringify(temporaryNamed('other'))]) {
    await cache.set(`temporary_credential:${digest}`, value, 60)
    assert.equal(await kept.findTemporary(digest), undefined)
    assert.equal(await kept.takeTemporary(digest, start), false)
  }
})

test('cacheStores: a cache without an atomic `add` is refused, with the reason', () => {
  const { add: _add, ...cache } = memoryCache()
  assert.throws(() => cacheStores(cache as AtomicCache), /TypeError: cacheStores: cache\.add is missing.*redisCache/)
  const { get: _get, ...mute } = memoryCache()
  assert.throws(() => cacheStores(mute as AtomicCache), /TypeError: cacheStores: cache\.get is missing/)
})

test('cacheStores: an option that is not valid is refused by its name', () => {
  for (const [name, values] of [
    ['nonceTtl', [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '60']],
    ['temporaryCredentialTtl', [0, null]],
    ['noncePrefix', ['', 'a b', 'é', '\n', 'x'.repeat(151), 'temporary_credential:']],
    ['temporaryCredentialPrefix', ['', 'nonce:']],
  ] as const) {
    for (const value of values) {
      assert.throws(
        () => cacheStores(memoryCache(), { [name]: value }),
        (error) => error instanceof TypeError && error.message.includes(name),
      )
    }
  }
})

test('cacheStores: a cache that fails is StorageUnavailable, and an `add` that answers neither yes nor no is no yes', async () => {
  const fail = () => Promise.reject(new Error('connection lost'))
  const broken = cacheStores({ get: fail, set: fail, delete: fail, add: fail })
  for (const attempt of [
    broken.saveTemporary(temporaryNamed('asked')),
    broken.findTemporary(digestOf('asked')),
    broken.removeTemporary(digestOf('asked')),
    broken.approveTemporary(digestOf('asked'), approvalNamed('asked'), start),
    broken.takeTemporary(digestOf('asked'), start),
    broken.claimNonce('nonce', start, start),
  ]) {
    await assert.rejects(
      attempt,
      (error) => error instanceof StorageUnavailable && /connection lost/.test(error.message),
    )
  }
  for (const answer of ['OK', 1, undefined, null]) {
    const vague = cacheStores({ ...memoryCache(), add: async () => answer as never })
    await assert.rejects(vague.claimNonce('nonce', start, start), TypeError)
  }
})

test('memoryCache: what has had its time is gone and can be added again', async () => {
  let now = start
  const cache = memoryCache({ now: () => now })
  assert.equal(await cache.add('key', 'one', 10), true)
  now += 9
  assert.equal(await cache.add('key', 'two', 10), false)
  assert.equal(await cache.get('key'), 'one')
  now += 1
  assert.equal(await cache.get('key'), undefined)
  assert.equal(await cache.add('key', 'two', 10), true)
  await cache.set('key', 'three', 5)
  now += 5
  assert.equal(await cache.get('key'), undefined)
})

test('memoryCache: letting go of what has expired takes nothing else', async () => {
  let now = start
  const cache = memoryCache({ now: () => now })
  await cache.add('kept', 'value', 10_000)
  for (let index = 0; index < 5000; index += 1) {
    now += 1
    assert.equal(await cache.add(`short ${index}`, 'value', 2), true)
    assert.equal(await cache.add(`short ${index}`, 'value', 2), false)
  }
  assert.equal(await cache.add('kept', 'again', 10), false)
  assert.equal(await cache.get('short 4998'), 'value')
})
