import type { AtomicCache } from './atomic-cache.ts'
import { type ForeignMethod, hasMethod } from './foreign-client.ts'

/** A connected client of node-redis (4 or later) or ioredis. */
export interface RedisClient {
  /** Of `redis` and of `ioredis`. */
  readonly get: ForeignMethod
  /** Of `redis` and of `ioredis`, with `NX` and `EX`. */
  readonly set: ForeignMethod
  /** Of `redis` and of `ioredis`. */
  readonly del: ForeignMethod
}

interface NodeRedis {
  get(key: string): Promise<unknown>
  set(key: string, value: string, options: { EX: number; NX?: true }): Promise<unknown>
  del(key: string): Promise<unknown>
}

interface IoRedis {
  get(key: string): Promise<unknown>
  set(key: string, value: string, ...options: ['EX', number, 'NX'?]): Promise<unknown>
  del(key: string): Promise<unknown>
}

/**
 * A cache in Redis, through `redis` from version 4 or `ioredis`.
 * @throws TypeError for a client of another kind
 */
export function redisCache(client: RedisClient): AtomicCache {
  if (hasMethod(client, 'setEx')) return nodeRedisCache(client as unknown as NodeRedis)
  if (hasMethod(client, 'setex') && hasMethod(client, 'call')) return ioRedisCache(client as unknown as IoRedis)
  throw new TypeError('redisCache: client must be a client of node-redis 4 or later, or of ioredis')
}

const nodeRedisCache = (client: NodeRedis): AtomicCache => ({
  get: async (key) => textFrom(await client.get(key)),
  set: async (key, value, ttlSeconds) => written(await client.set(key, value, { EX: ttlSeconds })),
  delete: (key) => client.del(key),
  add: async (key, value, ttlSeconds) => written(await client.set(key, value, { EX: ttlSeconds, NX: true })),
})

const ioRedisCache = (client: IoRedis): AtomicCache => ({
  get: async (key) => textFrom(await client.get(key)),
  set: async (key, value, ttlSeconds) => written(await client.set(key, value, 'EX', ttlSeconds)),
  delete: (key) => client.del(key),
  add: async (key, value, ttlSeconds) => written(await client.set(key, value, 'EX', ttlSeconds, 'NX')),
})

const textFrom = (value: unknown): string | undefined =>
  value === null || value === undefined ? undefined : String(value)

/** Whether Redis wrote. */
function written(answer: unknown): boolean {
  if (answer === null) return false
  if (String(answer) === 'OK') return true
  throw new Error(`Redis answered SET with ${String(answer)}`)
}
