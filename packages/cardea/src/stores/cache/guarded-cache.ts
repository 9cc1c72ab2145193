import { StorageUnavailable } from '../../core/spec/storage-error.ts'
import type { AtomicCache } from './atomic-cache.ts'

export interface GuardedCache {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, ttlSeconds: number): Promise<void>
  remove(key: string): Promise<void>
  add(key: string, value: string, ttlSeconds: number): Promise<boolean>
}

/** A cache whose failures are answered by 503, and whose `add` can say nothing but yes and no. */
export const guardedCache = (cache: AtomicCache): GuardedCache => ({
  get: async (key) => (await guarded(() => cache.get(key))) ?? undefined,
  async set(key, value, ttlSeconds) {
    await guarded(() => cache.set(key, value, ttlSeconds))
  },
  async remove(key) {
    await guarded(() => cache.delete(key))
  },
  async add(key, value, ttlSeconds) {
    const added: unknown = await guarded(() => cache.add(key, value, ttlSeconds))
    // Anything else taken for a yes would let every replay through.
    if (typeof added !== 'boolean') throw new TypeError('cacheStores: cache.add must answer true or false')
    return added
  },
})

async function guarded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new StorageUnavailable(`The cache cannot be used: ${detail}`, { cause: error })
  }
}
