import type { TokenDigest } from '../../core/model/digest.ts'
import type { TokenCredential } from '../../core/model/token-credential.ts'
import type { FoundTokenCredential, OAuth1Usage, TokenCredentials } from '../../core/ports/token-credentials.ts'
import { exchangeMark } from '../exchange-mark.ts'
import { lastUse } from '../last-use.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'
import { matches } from './tokens.ts'

export function memoryTokenCredentials(tables: Tables): TokenCredentials {
  const found = (credential: TokenCredential): FoundTokenCredential | undefined => {
    const authorization = tables.families.get(credential.authorizationId)?.authorization
    if (authorization === undefined) return undefined
    return { credential, revoked: credential.revokedAt !== undefined || authorization.revokedAt !== undefined }
  }

  const isLive = (credential: TokenCredential, at: number): boolean => {
    const authorization = tables.families.get(credential.authorizationId)?.authorization
    const { expiresAt = Number.POSITIVE_INFINITY } = credential
    return found(credential)?.revoked === false && expiresAt > at && (authorization?.expiresAt ?? 0) > at
  }

  return {
    async find(digest) {
      const credential = tables.tokenCredentials.get(digest)
      return credential === undefined ? undefined : found(credential)
    },
    async revoke(digest, at) {
      const credential = tables.tokenCredentials.get(digest)
      if (credential === undefined || credential.revokedAt !== undefined) return false
      tables.tokenCredentials.set(digest, { ...credential, revokedAt: at })
      return true
    },
    async touch(digest, at) {
      const credential = tables.tokenCredentials.get(digest)
      if (credential === undefined || (credential.lastUsedAt ?? 0) >= lastUse(at)) return
      tables.tokenCredentials.set(digest, { ...credential, lastUsedAt: lastUse(at) })
    },
    async reseal(digest, from, to) {
      const credential = tables.tokenCredentials.get(digest)
      if (credential?.sealedSecret !== from) return false
      tables.tokenCredentials.set(digest, { ...credential, sealedSecret: to })
      return true
    },
    async list(filter, page) {
      return pageOf(tables.tokenCredentials, page, matches(filter)).flatMap((credential) => found(credential) ?? [])
    },
    async usage(at) {
      const usages = new Map<string, OAuth1Usage>()
      for (const credential of tables.tokenCredentials.values()) {
        const { clientId } = credential
        const before = usages.get(clientId)
        const live = (before?.live ?? 0) + (isLive(credential, at) ? 1 : 0)
        const lastUsedAt = Math.max(before?.lastUsedAt ?? 0, credential.lastUsedAt ?? 0)
        usages.set(clientId, { clientId, live, ...(lastUsedAt > 0 && { lastUsedAt }) })
      }
      return [...usages.values()].sort((left, right) => (left.clientId < right.clientId ? -1 : 1))
    },
  }
}

/** The step that spends one for something else, or nothing where that cannot be. */
export function exchanging(
  tables: Tables,
  { digest, ends }: { readonly digest: TokenDigest; readonly ends: boolean },
  at: number,
): (() => void) | undefined {
  const credential = tables.tokenCredentials.get(digest)
  const family = tables.families.get(credential?.authorizationId ?? '')
  if (credential === undefined || credential.revokedAt !== undefined) return undefined
  if (family === undefined || family.authorization.revokedAt !== undefined) return undefined
  if (ends) return () => tables.tokenCredentials.set(digest, { ...credential, revokedAt: at })
  const { key, until } = exchangeMark(digest)
  return tables.replayMarks.has(key) ? undefined : () => tables.replayMarks.set(key, until)
}
