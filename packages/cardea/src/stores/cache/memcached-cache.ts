import type { AtomicCache } from './atomic-cache.ts'
import { type ForeignMethod, hasMethod } from './foreign-client.ts'

/** A client of memjs or memcached. */
export interface MemcachedClient {
  /** Of `memjs` and of `memcached`. */
  readonly get: ForeignMethod
  /** Of `memjs` and of `memcached`. */
  readonly set: ForeignMethod
  /** Of `memjs` and of `memcached`: writes where nothing is, in one step. */
  readonly add: ForeignMethod
}

interface MemJs {
  get(key: string): Promise<{ readonly value: unknown }>
  set(key: string, value: string, options: { expires: number }): Promise<boolean>
  add(key: string, value: string, options: { expires: number }): Promise<boolean>
  delete(key: string): Promise<boolean>
}

type Callback = (error: unknown, answer: unknown) => void

interface Memcached {
  get(key: string, done: Callback): void
  set(key: string, value: string, lifetime: number, done: Callback): void
  add(key: string, value: string, lifetime: number, done: Callback): void
  del(key: string, done: Callback): void
}

/** Seconds. memcached takes anything longer for a point in time. */
const longestDuration = 30 * 86_400

const lifetime = (ttlSeconds: number): number =>
  ttlSeconds <= longestDuration ? ttlSeconds : Math.floor(Date.now() / 1000) + ttlSeconds

/**
 * A cache in memcached, through `memjs` or `memcached`.
 * @throws TypeError for a client of another kind
 */
export function memcachedCache(client: MemcachedClient): AtomicCache {
  if (hasMethod(client, 'add') && hasMethod(client, 'del')) return callbackCache(client as unknown as Memcached)
  if (hasMethod(client, 'add') && hasMethod(client, 'delete')) return memJsCache(client as unknown as MemJs)
  throw new TypeError('memcachedCache: client must be a client of memjs or memcached')
}

const memJsCache = (client: MemJs): AtomicCache => ({
  async get(key) {
    const { value } = await client.get(key)
    return value === null || value === undefined ? undefined : String(value)
  },
  async set(key, value, ttlSeconds) {
    if ((await client.set(key, value, { expires: lifetime(ttlSeconds) })) !== true) throw new Error('Not stored')
  },
  delete: (key) => client.delete(key),
  async add(key, value, ttlSeconds) {
    const added: unknown = await client.add(key, value, { expires: lifetime(ttlSeconds) })
    if (typeof added !== 'boolean') throw new Error(`memcached answered add with ${String(added)}`)
    return added
  },
})

const callbackCache = (client: Memcached): AtomicCache => ({
  async get(key) {
    const value = await answerOf((done) => client.get(key, done))
    return typeof value === 'string' ? value : undefined
  },
  async set(key, value, ttlSeconds) {
    const answer = await answerOf((done) => client.set(key, value, lifetime(ttlSeconds), done))
    if (answer !== true) throw new Error('Not stored')
  },
  delete: (key) => answerOf((done) => client.del(key, done)),
  add: (key, value, ttlSeconds) =>
    new Promise((resolve, reject) => {
      client.add(key, value, lifetime(ttlSeconds), (error, added) => {
        if (isNotStored(error)) resolve(false)
        else if (error !== undefined && error !== null) reject(error)
        else if (added === true) resolve(true)
        else reject(new Error(`memcached answered add with ${String(added)}`))
      })
    }),
})

/** The key was there: the only failure of `add` that is an answer. */
const isNotStored = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'notStored' in error && error.notStored === true

const answerOf = (run: (done: Callback) => void): Promise<unknown> =>
  new Promise((resolve, reject) => {
    run((error, answer) => {
      if (error === undefined || error === null) resolve(answer)
      else reject(error)
    })
  })
