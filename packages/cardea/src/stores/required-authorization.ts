import type { LedgerEntry } from '../core/ports/ledger.ts'

/**
 * The authorization that must be live for this commit. An entry whose tokens name an existing authorization is held to
 * it even where `under` was forgotten: no path may save a token under a revoked family.
 * @throws TypeError when a token names an authorization that the commit neither creates nor requires
 */
export function requiredAuthorization(entry: LedgerEntry): string | undefined {
  const own = entry.authorization?.id
  const ofAccess = entry.accessToken?.authorizationId
  const ofRefresh = entry.refreshToken?.authorizationId
  const named = ofAccess !== undefined && ofAccess !== own ? ofAccess : ofRefresh
  const required = entry.under ?? (named === own ? undefined : named)
  for (const family of [ofAccess, ofRefresh]) {
    if (family !== undefined && family !== own && family !== required) {
      throw new TypeError('A token names an authorization that its commit neither creates nor requires')
    }
  }
  return required
}
