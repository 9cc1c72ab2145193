import type { TokenDigest } from '../model/digest.ts'
import type { TemporaryCredential } from '../model/temporary-credential.ts'

/** OAuth 1 authorization requests. Approved and exchanged through the ledger. */
export interface TemporaryCredentials {
  /** Keeps a new one until it expires. */
  save(credential: TemporaryCredential): Promise<void>
  /** Also finds a taken one until it expires. */
  find(digest: TokenDigest): Promise<TemporaryCredential | undefined>
  /**
   * Atomic: the resource owner declined, and it is gone. False, and nothing happens, where it is not there or was approved:
   * of a decline and an approval in parallel exactly one is done.
   */
  decline(digest: TokenDigest): Promise<boolean>
  /** Too many wrong verifiers came: it is gone, approved or not. Returns whether there was one. */
  remove(digest: TokenDigest): Promise<boolean>
}
