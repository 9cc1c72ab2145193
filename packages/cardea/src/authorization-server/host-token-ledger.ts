import type { Ledger, LedgerEntry, LedgerOutcome } from '../core/ports/ledger.ts'
import type { Store } from '../core/ports/store.ts'
import type { HostTokens, TokenRow } from './host-tokens.ts'
import { rowOf } from './token-row.ts'

/**
 * A refresh token is used up in the host's table, with what it buys in the same transaction. What it goes under is in the
 * store: revoked there, nothing that comes from it is valid, whatever the table says.
 */
async function rotated(store: Store, tokens: HostTokens, entry: LedgerEntry, row: TokenRow): Promise<LedgerOutcome> {
  const { accessToken: _, refreshToken: __, spend, ...others } = entry
  if (spend?.kind !== 'refresh_token') throw new TypeError('not a rotation')
  const known = await tokens.findByRefreshToken(spend.digest)
  if (known == null || known.refresh_token_spent_at != null) return 'spent'
  const under = others.under ?? known.authorization_id
  const stands = await store.ledger.commit({ ...others, ...(under != null && { under }) })
  if (stands !== 'done') return stands
  const rotation = {
    refresh_token: spend.digest,
    successor: spend.successor,
    at: entry.at,
    end_access_tokens: spend.endAccessTokens,
  }
  return (await tokens.rotate(rotation, row)) === true ? 'done' : 'spent'
}

/**
 * Commits to the store and to the host's table. What is used up goes before what it buys is made: a crash in between
 * costs a client another round, and buys nobody anything twice.
 */
export const hostTokenLedger = (store: Store, tokens: HostTokens): Ledger => ({
  async commit(entry) {
    const row = rowOf(entry)
    if (entry.spend?.kind === 'refresh_token' && row !== undefined) return rotated(store, tokens, entry, row)
    const { accessToken: _, refreshToken: __, ...others } = entry
    const isNew = entry.authorization?.id === row?.authorization_id
    const under = others.under ?? (isNew ? undefined : row?.authorization_id)
    const outcome = await store.ledger.commit({ ...others, ...(typeof under === 'string' && { under }) })
    if (outcome === 'done' && row !== undefined) await tokens.insert(row)
    return outcome
  },
})
