import type { TokenDigest } from '../model/digest.ts'
import type { TemporaryApproval, TemporaryCredential } from '../model/temporary-credential.ts'

/**
 * What OAuth 1 keeps for a short while, when a host keeps it elsewhere than in the store. Every verb throws
 * `StorageUnavailable` when the storage cannot say. `at`: epoch seconds.
 */
export interface OAuth1ShortTerm {
  /** Keeps a temporary credential until it expires. */
  saveTemporary(credential: TemporaryCredential): Promise<void>
  /** Also finds a taken one until it expires. */
  findTemporary(digest: TokenDigest): Promise<TemporaryCredential | undefined>
  /**
   * Atomic: one that was not approved is gone. False, and nothing happens, where it is not there or was approved: of a
   * decline and an approval in parallel exactly one gets true.
   */
  declineTemporary(digest: TokenDigest): Promise<boolean>
  /** It is gone, and can be neither approved nor taken. Returns whether there was one, to one of concurrent callers. */
  removeTemporary(digest: TokenDigest): Promise<boolean>
  /**
   * Atomic: of concurrent approvals exactly one gets true. False where it is not there, expired, approved or taken.
   */
  approveTemporary(digest: TokenDigest, approval: TemporaryApproval, at: number): Promise<boolean>
  /** Atomic: of concurrent takers exactly one gets true, ever. False where it is not there, not approved or expired. */
  takeTemporary(digest: TokenDigest, at: number): Promise<boolean>
  /**
   * Atomic: of any number of concurrent callers with one key exactly one gets `first`.
   * @param until epoch seconds up to which the mark must be remembered, that second included
   */
  claimNonce(key: string, until: number, at: number): Promise<'first' | 'seen'>
}
