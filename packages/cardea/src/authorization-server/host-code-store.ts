import type { TokenDigest } from '../core/model/digest.ts'
import type { LedgerEntry, LedgerOutcome } from '../core/ports/ledger.ts'
import type { Store } from '../core/ports/store.ts'
import { codeFrom, codeRowOf } from './code-row.ts'
import { secondsIn } from './column.ts'
import type { CodeRow, HostCodes } from './host-codes.ts'
import { endingsOf } from './host-endings.ts'
import { replacing } from './replacing.ts'

/** Who comes second to this mark, the one that redeemed or the one that replayed, ends what was issued. */
const claimed = (store: Store, { code, expires_at }: CodeRow, at: number): Promise<'first' | 'seen'> =>
  store.replay.claim(`code ${code}`, secondsIn('expires_at', expires_at), at)

async function spent(store: Store, row: CodeRow | undefined | null, at: number): Promise<LedgerOutcome> {
  if (row != null) await claimed(store, row, at)
  return 'spent'
}

/**
 * The code is used up in the host's table, what it buys is made in the store: a crash in between costs the person another
 * round. A replay that comes in between finds nothing to revoke yet, so it leaves a mark, and whoever redeems looks for it.
 */
async function redeemed(
  store: Store,
  codes: HostCodes,
  entry: LedgerEntry,
  digest: TokenDigest,
): Promise<LedgerOutcome> {
  const { spend: _, ...others } = entry
  const row = await codes.find(digest)
  if (row == null || row.spent_at != null) return spent(store, row, entry.at)
  if ((await codes.spend(digest, entry.at)) !== true) return spent(store, row, entry.at)
  const outcome = await store.ledger.commit(others)
  if (outcome !== 'done') return outcome
  if ((await claimed(store, row, entry.at)) === 'first') return 'done'
  await store.authorizations.revoke(row.authorization_id, entry.at)
  return 'spent'
}

/** The store with the host's table of authorization codes in place of its own. */
export const withHostCodes = (store: Store, codes: HostCodes): Store =>
  replacing(store, {
    ...endingsOf(store, (rows) => codes.revoke(rows)),
    codes: {
      async find(digest) {
        const row = await codes.find(digest)
        return row == null ? undefined : codeFrom(row)
      },
    },
    ledger: {
      async commit(entry) {
        if (entry.spend?.kind === 'code') return redeemed(store, codes, entry, entry.spend.digest)
        const { code, ...others } = entry
        const outcome = await store.ledger.commit(others)
        if (outcome === 'done' && code !== undefined) await codes.insert(codeRowOf(code))
        return outcome
      },
    },
    housekeeping: {
      sweep: async (at, limit) => (await store.housekeeping.sweep(at, limit)) + ((await codes.sweep?.(at, limit)) ?? 0),
    },
  })
