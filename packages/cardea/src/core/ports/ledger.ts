import type { Authorization, Consent } from '../model/authorization.ts'
import type { AuthorizationCode } from '../model/code.ts'
import type { DeviceApproval } from '../model/device-request.ts'
import type { TokenDigest } from '../model/digest.ts'
import type { TemporaryApproval } from '../model/temporary-credential.ts'
import type { AccessToken, RefreshToken } from '../model/token.ts'
import type { TokenCredential } from '../model/token-credential.ts'
import type { PushedRequests } from './pushed-requests.ts'
import type { Replay } from './replay.ts'

/** What a commit uses up. Each can be spent once, ever. */
export type Spend =
  | { readonly kind: 'code'; readonly digest: TokenDigest }
  | {
      readonly kind: 'refresh_token'
      readonly digest: TokenDigest
      /** Digest of the entry's `refreshToken`, remembered with the spent one. */
      readonly successor: TokenDigest
      /** Revoke the family's earlier access tokens in the same step. */
      readonly endAccessTokens: boolean
    }
  | { readonly kind: 'interaction'; readonly id: string }
  /** RFC 5849 §2.3: an approved temporary credential; one without approval counts as spent. */
  | { readonly kind: 'temporary_credential'; readonly digest: TokenDigest }
  /**
   * RFC 8693 §2.1: an OAuth 1 token credential, exchanged for something else once. `ends`: it is revoked in the same step;
   * otherwise it goes on working, and only cannot be spent again. One that was spent before, or was revoked, by itself or
   * with its authorization, counts as spent.
   */
  | { readonly kind: 'token_credential'; readonly digest: TokenDigest; readonly ends: boolean }
  /** RFC 8628 §3.5: an approved device request; one without approval, or expired, counts as spent. */
  | { readonly kind: 'device_request'; readonly digest: TokenDigest }

/** As `Replay.claim`: the `jti` of an assertion or of a proof. */
export interface MarkUse {
  /** Told apart by it. */
  readonly kind: 'mark'
  /** Any text. */
  readonly key: string
  /** Epoch seconds up to which it must be remembered, that second included. */
  readonly until: number
}

/** What a request was made with, and what must not be used for a second one. */
export type Use =
  | MarkUse
  /** As `PushedRequests.take` (RFC 9126 §4). */
  | { readonly kind: 'pushed_request'; readonly digest: TokenDigest }

/** One step: what is spent together with what it buys. */
export interface LedgerEntry {
  /** Epoch seconds. */
  readonly at: number
  /**
   * Used up before anything else is looked at, one after the other: the first that was used before ends the step, and
   * nothing more is written. What was used up stays so, whatever the outcome. Only where the ledger says `usesUp`.
   */
  readonly uses?: readonly Use[]
  /** What can be used up only once; when that has been done, nothing of the entry is kept. */
  readonly spend?: Spend
  /** Comes into being with this step. */
  readonly authorization?: Authorization
  /** An existing authorization that must exist and not be revoked at the instant of the commit. */
  readonly under?: string
  /** An authorization code to keep. */
  readonly code?: AuthorizationCode
  /** An access token to keep. */
  readonly accessToken?: AccessToken
  /** A refresh token to keep. */
  readonly refreshToken?: RefreshToken
  /**
   * Approves a temporary credential that is neither approved, taken nor expired; otherwise the outcome is `spent`. May go
   * together with spending the interaction in which it was approved, and with no other spend (TypeError).
   */
  readonly approve?: { readonly digest: TokenDigest; readonly approval: TemporaryApproval }
  /**
   * Approves a device request that is neither decided, spent, expired, nor claimed by somebody else; otherwise the outcome
   * is `spent`. The same rule for what it may go together with.
   */
  readonly approveDevice?: { readonly digest: TokenDigest; readonly approval: DeviceApproval }
  /** A token credential of OAuth 1 to keep. */
  readonly tokenCredential?: TokenCredential
  /** Replaces the remembered decision of that user about that client. */
  readonly consent?: Consent
  /** Client that must exist in this store, enabled, at the instant of the commit. */
  readonly requireClient?: string
  /** User that must exist in this store, enabled, at the instant of the commit. */
  readonly requireUser?: string
  /** Digest of the password hash that the required user must still have: a password changed since buys nothing. */
  readonly requirePassword?: TokenDigest
}

/**
 * - `done`: everything was written, durably
 * - `spent`: what should be spent was spent before, or is not there; nothing was written
 * - `revoked`: the authorization it goes under is revoked, or the client, user or password required is gone;
 *   nothing was written
 */
export type StepOutcome = 'done' | 'spent' | 'revoked'

/** Which of the entry's `uses` was used before; nothing was saved. */
export interface UsedBefore {
  /** Its place in the list. */
  readonly used: number
}

/** `UsedBefore` only for an entry that has `uses`. */
export type LedgerOutcome = StepOutcome | UsedBefore

/**
 * Spend and save are one step: a crash leaves all of it or none of it, and a lost race buys nothing.
 * Of any number of concurrent commits that spend the same thing exactly one gets `done`, ever, on any number of
 * instances (RFC 6749 §4.1.2 and §10.5, RFC 9700 §4.14.2). `done` means durable.
 * Throws `StorageUnavailable` when the store cannot say; then nothing was written.
 */
export interface Ledger {
  /**
   * Ports whose marks and pushed requests it can use up as part of a commit. Absent, or not those of the store it stands
   * in: they are used up by themselves, before. A ledger that stands before another passes `uses` on to that one with the
   * entry, or has no `usesUp`: what it drops could be used again.
   */
  readonly usesUp?: { readonly replay: Replay; readonly pushedRequests: PushedRequests }
  /** Does what the entry says, all of it or nothing. */
  commit(entry: LedgerEntry): Promise<LedgerOutcome>
}
