import { digestOf } from '../../core/crypto/digest.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { TemporaryApproval, TemporaryCredential } from '../../core/model/temporary-credential.ts'
import type { OAuth1ShortTerm } from '../../core/ports/oauth1-storage.ts'
import type { AtomicCache } from './atomic-cache.ts'
import { type CacheStoresOptions, resolvedOptions } from './cache-options.ts'
import { guardedCache } from './guarded-cache.ts'

const removed = 'removed'
/** In the place of an approval: whichever of the two is added first, the other cannot be. */
const declined = 'declined'

/**
 * Keeps the temporary credentials and nonces of OAuth 1 in a cache. What happens to a credential once is a key of its
 * own, written by `add`: its approval, and its end. The cache must not evict keys before their time (Redis: the policy
 * `noeviction`): a nonce that it drops can be used again.
 * @throws TypeError for a cache without an atomic `add`, or an option that is not valid
 */
export function cacheStores(cache: AtomicCache, options: CacheStoresOptions = {}): OAuth1ShortTerm {
  const { nonceTtl, noncePrefix, temporaryCredentialTtl, temporaryCredentialPrefix } = resolvedOptions(cache, options)
  const { get, set, remove, add } = guardedCache(cache)
  const keyOf = (digest: TokenDigest): string => `${temporaryCredentialPrefix}${digest}`
  const approvalOf = (digest: TokenDigest): string => `${keyOf(digest)}:approval`
  const endOf = (digest: TokenDigest): string => `${keyOf(digest)}:end`

  /** The same for all keys of one credential: whatever is written later then outlives what was written before. */
  const ttlOf = ({ createdAt, expiresAt }: TemporaryCredential): number =>
    Math.max(1, Math.min(temporaryCredentialTtl, expiresAt - createdAt))

  const find = async (digest: TokenDigest): Promise<TemporaryCredential | undefined> => {
    const [saved, approval, end] = await Promise.all([get(keyOf(digest)), get(approvalOf(digest)), get(endOf(digest))])
    const credential = parsed<TemporaryCredential>(saved)
    if (credential?.digest !== digest || end === removed || approval === declined) return undefined
    const given = parsed<TemporaryApproval>(approval)
    return {
      ...credential,
      ...(given !== undefined && { approval: given }),
      ...(end !== undefined && { takenAt: Number(end) }),
    }
  }

  const findPending = async (digest: TokenDigest, at: number): Promise<TemporaryCredential | undefined> => {
    const credential = await find(digest)
    return credential === undefined || credential.takenAt !== undefined || credential.expiresAt <= at
      ? undefined
      : credential
  }

  return {
    async saveTemporary(credential) {
      const isNew = await add(keyOf(credential.digest), JSON.stringify(credential), ttlOf(credential))
      if (!isNew) throw new Error('The key of a new temporary credential exists already')
    },
    findTemporary: find,
    async declineTemporary(digest) {
      const credential = await find(digest)
      if (credential === undefined || credential.approval !== undefined) return false
      if (!(await add(approvalOf(digest), declined, ttlOf(credential)))) return false
      await remove(keyOf(digest))
      return true
    },
    async removeTemporary(digest) {
      const credential = await find(digest)
      if (credential === undefined) return false
      // Whoever is about to take it loses from here on.
      const isFirst = await add(endOf(digest), removed, ttlOf(credential))
      await remove(keyOf(digest))
      await remove(approvalOf(digest))
      return isFirst || credential.takenAt !== undefined
    },
    async approveTemporary(digest, approval, at) {
      const credential = await findPending(digest, at)
      if (credential === undefined || credential.approval !== undefined) return false
      return add(approvalOf(digest), JSON.stringify(approval), ttlOf(credential))
    },
    async takeTemporary(digest, at) {
      const credential = await findPending(digest, at)
      if (credential?.approval === undefined) return false
      if (!(await add(endOf(digest), String(at), ttlOf(credential)))) return false
      // A cache that evicts the mark alone would bring the credential back to life, so it is marked as well.
      await set(keyOf(digest), JSON.stringify({ ...credential, takenAt: at }), ttlOf(credential)).catch(() => undefined)
      return true
    },
    async claimNonce(key, until, at) {
      // The key holds what a stranger sent: as a digest it is neither too long nor has it characters that end a line.
      const isFirst = await add(`${noncePrefix}${digestOf(key)}`, '1', Math.max(nonceTtl, until - at + 1))
      return isFirst ? 'first' : 'seen'
    },
  }
}

function parsed<T>(text: string | undefined): T | undefined {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as T
  } catch {
    return undefined
  }
}
