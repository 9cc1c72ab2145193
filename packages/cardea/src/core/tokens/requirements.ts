import type { TokenDigest } from '../model/digest.ts'
import type { Engine } from '../ports/engine.ts'
import type { LedgerEntry } from '../ports/ledger.ts'

/** What must still be there at the instant of the commit: whatever was ended meanwhile gets nothing. */
export function requirements(
  engine: { readonly accounts: Pick<Engine['accounts'], 'inStore'> },
  clientId: string,
  userId: string | undefined,
  passwordDigest?: TokenDigest,
): Pick<LedgerEntry, 'requireClient' | 'requireUser' | 'requirePassword'> {
  return {
    requireClient: clientId,
    ...(engine.accounts.inStore && userId !== undefined && { requireUser: userId }),
    ...(engine.accounts.inStore && passwordDigest !== undefined && { requirePassword: passwordDigest }),
  }
}
