import type { AtomicCache } from './atomic-cache.ts'

/** How `memoryCache` keeps time. */
export interface MemoryCacheOptions {
  /** Epoch seconds. Default: the system clock. */
  readonly now?: () => number
}

const fewestToPurge = 1000

/** A cache in this process, gone with it: for one process alone. What has expired is let go of as more is written. */
export function memoryCache({ now = systemTime }: MemoryCacheOptions = {}): AtomicCache {
  const entries = new Map<string, { readonly value: string; readonly endsAt: number }>()
  let purgeAt = fewestToPurge

  const live = (key: string): string | undefined => {
    const entry = entries.get(key)
    return entry === undefined || entry.endsAt <= now() ? undefined : entry.value
  }
  const write = (key: string, value: string, ttlSeconds: number): void => {
    if (entries.size >= purgeAt) {
      for (const [old, { endsAt }] of entries) if (endsAt <= now()) entries.delete(old)
      purgeAt = Math.max(fewestToPurge, entries.size * 2)
    }
    entries.set(key, { value, endsAt: now() + ttlSeconds })
  }

  return {
    get: async (key) => live(key),
    async set(key, value, ttlSeconds) {
      write(key, value, ttlSeconds)
    },
    async delete(key) {
      entries.delete(key)
    },
    async add(key, value, ttlSeconds) {
      if (live(key) !== undefined) return false
      write(key, value, ttlSeconds)
      return true
    },
  }
}

const systemTime = (): number => Math.floor(Date.now() / 1000)
