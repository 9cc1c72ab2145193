import type { LedgerEntry } from '../core/ports/ledger.ts'

/**
 * The authorization that must be live for this commit. An entry whose tokens name an existing authorization is held to
 * it even where `under` was forgotten: no path may save a token under a revoked family.
 * @throws TypeError when a token names an authorization that the commit neither creates nor requires
 */
export function requiredAuthorization(entry: LedgerEntry): string | undefined {
  const own = entry.authorization?.id
  const named = [entry.accessToken, entry.refreshToken, entry.tokenCredential]
    .map((token) => token?.authorizationId)
    .filter((family) => family !== undefined && family !== own)
  const required = entry.under ?? named[0]
  if (named.some((family) => family !== required)) {
    throw new TypeError('A token names an authorization that its commit neither creates nor requires')
  }
  return required
}
