import assert from 'node:assert/strict'
import { test } from 'node:test'
import { start } from '../../testing/store-contract/nouns.ts'
import { oauth1ShortTermContract } from '../../testing/store-contract/oauth1-short-term.ts'
import { cacheStores } from './cache-stores.ts'
import { memcachedCache } from './memcached-cache.ts'
import { memoryCache } from './memory-cache.ts'
import { redisCache } from './redis-cache.ts'

type Reply = (error: unknown, answer: unknown) => void

/** Answers as node-redis does, and keeps what SET was given. */
function nodeRedis() {
  const cache = memoryCache()
  const options: object[] = []
  return {
    options,
    get: async (key: string) => (await cache.get(key)) ?? null,
    async set(key: string, value: string, given: { EX: number; NX?: true }) {
      options.push(given)
      if (given.NX) return (await cache.add(key, value, given.EX)) ? 'OK' : null
      await cache.set(key, value, given.EX)
      return 'OK'
    },
    del: (key: string) => cache.delete(key),
    setEx() {},
  }
}

/** Answers as ioredis does, with Buffers where a host asked for them. */
function ioRedis() {
  const cache = memoryCache()
  const options: unknown[][] = []
  return {
    options,
    async get(key: string) {
      const value = await cache.get(key)
      return typeof value === 'string' ? Buffer.from(value) : null
    },
    async set(key: string, value: string, ...given: unknown[]) {
      options.push(given)
      if (given[2] === 'NX') return (await cache.add(key, value, Number(given[1]))) ? 'OK' : null
      await cache.set(key, value, Number(given[1]))
      return 'OK'
    },
    del: (key: string) => cache.delete(key),
    setex() {},
    call() {},
  }
}

function memJs() {
  const cache = memoryCache()
  const expires: number[] = []
  return {
    expires,
    async get(key: string) {
      const value = await cache.get(key)
      return { value: typeof value === 'string' ? Buffer.from(value) : null, flags: null }
    },
    async set(key: string, value: string, given: { expires: number }) {
      await cache.set(key, value, given.expires)
      return true
    },
    async add(key: string, value: string, given: { expires: number }) {
      expires.push(given.expires)
      return cache.add(key, value, given.expires)
    },
    delete: (key: string) => cache.delete(key),
  }
}

function memcached() {
  const cache = memoryCache()
  const reply = (done: Reply, answer: Promise<unknown>): void => {
    answer.then((value) => done(undefined, value))
  }
  return {
    get: (key: string, done: Reply) => reply(done, cache.get(key)),
    set: (key: string, value: string, ttl: number, done: Reply) =>
      reply(
        done,
        cache.set(key, value, ttl).then(() => true),
      ),
    add(key: string, value: string, ttl: number, done: Reply) {
      cache.add(key, value, ttl).then((added) => {
        const refusal = Object.assign(new Error('Item is not stored'), { notStored: true })
        done(added ? undefined : refusal, added)
      })
    },
    del: (key: string, done: Reply) => reply(done, cache.delete(key)),
    delete() {},
  }
}

oauth1ShortTermContract('redisCache, as node-redis answers', () => cacheStores(redisCache(nodeRedis())))
oauth1ShortTermContract('redisCache, as ioredis answers', () => cacheStores(redisCache(ioRedis())))
oauth1ShortTermContract('memcachedCache, as memjs answers', () => cacheStores(memcachedCache(memJs())))
oauth1ShortTermContract('memcachedCache, as memcached answers', () => cacheStores(memcachedCache(memcached())))

test('redisCache: a claim is one SET with NX and a time', async () => {
  const [one, two] = [nodeRedis(), ioRedis()]
  for (const client of [one, two]) await redisCache(client).add('key', 'value', 60)
  assert.deepEqual(one.options, [{ EX: 60, NX: true }])
  assert.deepEqual(two.options, [['EX', 60, 'NX']])
})

test('memcachedCache: a time of more than 30 days is told as the point in time that memcached takes it for', async () => {
  const client = memJs()
  const cache = memcachedCache(client)
  await cache.add('month', 'value', 30 * 86_400)
  await cache.add('longer', 'value', 31 * 86_400)
  assert.equal(client.expires[0], 30 * 86_400)
  assert.ok((client.expires[1] ?? 0) > start - 200_000_000)
})

test('redisCache, memcachedCache: a client of another kind is refused', () => {
  const verb = () => undefined
  const legacyRedis = { get: verb, set: verb, del: verb, setex: verb, send_command: verb }
  for (const client of [legacyRedis, { get: verb, set: verb, del: verb }]) {
    assert.throws(() => redisCache(client), /TypeError: redisCache: client must be/)
  }
  for (const client of [{ get: verb, set: verb, add: verb }, { get: verb, set: verb, del: verb } as never]) {
    assert.throws(() => memcachedCache(client), /TypeError: memcachedCache: client must be/)
  }
})

test('redisCache, memcachedCache: an answer that says neither yes nor no, or a failure, is no claim', async () => {
  const vague = [undefined, '', 'QUEUED', 1, {}]
  for (const answer of vague) {
    await assert.rejects(redisCache({ ...nodeRedis(), set: async () => answer }).add('key', 'value', 1))
    await assert.rejects(redisCache({ ...ioRedis(), set: async () => answer }).add('key', 'value', 1))
    await assert.rejects(memcachedCache({ ...memJs(), add: async () => answer }).add('key', 'value', 1))
    const add = (_key: string, _value: string, _ttl: number, done: Reply) => done(undefined, answer)
    await assert.rejects(memcachedCache({ ...memcached(), add }).add('key', 'value', 1))
  }
  const lost = (...args: unknown[]) => (args.at(-1) as Reply)(new Error('connection lost'), undefined)
  const cache = memcachedCache({ ...memcached(), get: lost, set: lost, add: lost, del: lost } as never)
  for (const attempt of [cache.get('k'), cache.set('k', 'v', 1), cache.add('k', 'v', 1), cache.delete('k')]) {
    await assert.rejects(attempt, /connection lost/)
  }
})
