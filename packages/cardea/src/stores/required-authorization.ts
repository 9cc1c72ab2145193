import type { LedgerEntry } from '../core/ports/ledger.ts'

/**
 * The authorization that must be live for this commit. An entry whose tokens name an existing authorization is held to
 * it even where `under` was forgotten: no path may save a token under a revoked family.
 */
export const requiredAuthorization = (entry: LedgerEntry): string | undefined =>
  entry.under ??
  (entry.authorization === undefined
    ? (entry.accessToken?.authorizationId ?? entry.refreshToken?.authorizationId)
    : undefined)
