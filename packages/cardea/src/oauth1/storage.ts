import type { Authorization, Consent } from '../core/model/authorization.ts'
import type { Client } from '../core/model/client.ts'
import type { TokenDigest } from '../core/model/digest.ts'
import type { TemporaryApproval, TemporaryCredential } from '../core/model/temporary-credential.ts'
import type { TokenCredential } from '../core/model/token-credential.ts'
import type { Attempts } from '../core/ports/attempts.ts'
import type { LedgerOutcome } from '../core/ports/ledger.ts'
import type { FoundTokenCredential } from '../core/ports/token-credentials.ts'
import type { TokenAndSecret } from './token-generator.ts'

export interface ApprovalStep {
  readonly digest: TokenDigest
  readonly approval: TemporaryApproval
  /** The interaction it was approved in, taken in the same step. */
  readonly interactionId?: string
  readonly consent?: Consent
  readonly clientId: string
}

export interface ExchangeStep {
  readonly temporary: TokenDigest
  /** Digest of the verifier it was approved with. */
  readonly verifier: TokenDigest
  readonly authorization: Authorization
  readonly credential: TokenCredential
  /** As the client gets them, for hosts that keep them readable. */
  readonly plain: TokenAndSecret
}

/** Names a temporary credential whose verifier is tried. */
export type TriedCredential = Pick<TemporaryCredential, 'digest' | 'createdAt'>

/** What OAuth 1 keeps, and the steps that decide its races. Times in epoch seconds. */
export interface OAuth1Storage {
  /** Where wrong signatures are counted for every process; absent: each counts for itself. */
  readonly attempts?: Pick<Attempts, 'add' | 'clear'>
  findClient(consumerKey: string): Promise<Client | undefined>
  /** Of concurrent claims of one key exactly one gets `first`. */
  claimNonce(key: string, until: number, at: number): Promise<'first' | 'seen'>
  saveTemporary(credential: TemporaryCredential): Promise<void>
  findTemporary(digest: TokenDigest): Promise<TemporaryCredential | undefined>
  /** Counts a verifier that is about to be compared, and returns how many there were for that credential. */
  countVerifier(of: TriedCredential, window: number, at: number): Promise<number>
  /** False where it is not there or was approved; of a decline and an approval exactly one is done. */
  declineTemporary(digest: TokenDigest): Promise<boolean>
  removeTemporary(digest: TokenDigest): Promise<boolean>
  /** `spent`: it was approved, taken or removed before. */
  approve(step: ApprovalStep, at: number): Promise<LedgerOutcome>
  /**
   * Takes the temporary credential and saves what it buys; of concurrent exchanges exactly one is `done`. `revoked`: the
   * user or the client is gone, or what was approved was withdrawn.
   */
  exchange(step: ExchangeStep, at: number): Promise<LedgerOutcome>
  /** `token` is what the digest is of, for hosts that keep it readable. */
  findToken(digest: TokenDigest, token: string): Promise<FoundTokenCredential | undefined>
  touchToken(digest: TokenDigest, at: number): Promise<void>
}
