import type { AtomicCache } from './atomic-cache.ts'

/** How `cacheStores` names what it keeps, and for how long. */
export interface CacheStoresOptions {
  /** Seconds a temporary credential is kept at most; its own end may come earlier. Default 86400. */
  readonly temporaryCredentialTtl?: number
  /** Seconds a nonce is remembered at least; longer where its timestamp is accepted for longer. Default 86400. */
  readonly nonceTtl?: number
  /** Default `temporary_credential:`. */
  readonly temporaryCredentialPrefix?: string
  /** Default `nonce:`. */
  readonly noncePrefix?: string
}

const day = 86_400
/** What memcached takes as a key, with room for a digest and a suffix. */
const prefixForm = /^[!-~]{1,150}$/

/** @throws TypeError that names the option */
export function resolvedOptions(cache: AtomicCache, options: CacheStoresOptions): Required<CacheStoresOptions> {
  requireVerbs(cache)
  const resolved = {
    temporaryCredentialTtl: day,
    nonceTtl: day,
    temporaryCredentialPrefix: 'temporary_credential:',
    noncePrefix: 'nonce:',
    ...options,
  }
  for (const name of ['temporaryCredentialTtl', 'nonceTtl'] as const) {
    if (Number.isSafeInteger(resolved[name]) && resolved[name] > 0) continue
    throw new TypeError(`cacheStores: ${name} must be a whole number of seconds from 1, got ${resolved[name]}`)
  }
  for (const name of ['temporaryCredentialPrefix', 'noncePrefix'] as const) {
    if (prefixForm.test(resolved[name])) continue
    throw new TypeError(`cacheStores: ${name} must be 1 to 150 visible ASCII characters, got ${resolved[name]}`)
  }
  if (resolved.noncePrefix === resolved.temporaryCredentialPrefix) {
    throw new TypeError('cacheStores: noncePrefix and temporaryCredentialPrefix must differ')
  }
  return resolved
}

function requireVerbs(cache: AtomicCache): void {
  for (const verb of ['get', 'set', 'delete'] as const) {
    if (typeof cache[verb] !== 'function') throw new TypeError(`cacheStores: cache.${verb} is missing`)
  }
  if (typeof cache.add === 'function') return
  throw new TypeError(
    'cacheStores: cache.add is missing. A nonce is claimed, and a temporary credential taken, by writing a key only ' +
      'where there is none, in one step of the cache; with get and set two requests in parallel would both succeed. ' +
      'Redis has SET with NX, memcached has add: see redisCache and memcachedCache. For anything else use a store.',
  )
}
