import type { LedgerEntry } from '../core/ports/ledger.ts'

/**
 * An approval is refused before anything is spent, which a store can promise for an interaction only.
 * @throws TypeError when an approval comes with another spend
 */
export function refuseMixedApproval({ approve, approveDevice, spend }: LedgerEntry): void {
  if (approve !== undefined && approveDevice !== undefined) throw new TypeError('One approval goes into a commit')
  if ((approve ?? approveDevice) === undefined || spend === undefined || spend.kind === 'interaction') return
  throw new TypeError('An approval goes with spending an interaction, or alone')
}
