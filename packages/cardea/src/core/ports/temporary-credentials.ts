import type { TokenDigest } from '../model/digest.ts'
import type { TemporaryCredential } from '../model/temporary-credential.ts'

/** OAuth 1 authorization requests. Approved and exchanged through the ledger. */
export interface TemporaryCredentials {
  save(credential: TemporaryCredential): Promise<void>
  /** Also finds a taken one until it expires. */
  find(digest: TokenDigest): Promise<TemporaryCredential | undefined>
  /** The resource owner declined, or too many wrong verifiers came: it is gone. Returns whether there was one. */
  remove(digest: TokenDigest): Promise<boolean>
}
