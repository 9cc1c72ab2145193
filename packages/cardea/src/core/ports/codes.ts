import type { AuthorizationCode } from '../model/code.ts'
import type { TokenDigest } from '../model/digest.ts'

/** Authorization codes. Saved and spent through the ledger. */
export interface Codes {
  /** Also finds a spent code until it expires, so that a replay is recognised (RFC 6749 §4.1.2). */
  find(digest: TokenDigest): Promise<AuthorizationCode | undefined>
}
