import type { Engine } from '../ports/engine.ts'
import type { LedgerEntry } from '../ports/ledger.ts'

/** What must still be there at the instant of the commit: a client or user that was ended meanwhile gets nothing. */
export function requirements(
  engine: { readonly accounts: Pick<Engine['accounts'], 'inStore'> },
  clientId: string,
  userId: string | undefined,
): Pick<LedgerEntry, 'requireClient' | 'requireUser'> {
  return {
    requireClient: clientId,
    ...(engine.accounts.inStore && userId !== undefined && { requireUser: userId }),
  }
}
