import type { TokenDigest } from './digest.ts'
import type { GrantFacts } from './grant-facts.ts'

/** What a person decided about a device (RFC 8628 §3.3). */
export interface DeviceApproval {
  /** Who allowed it. */
  readonly userId: string
  /** What was allowed. */
  readonly scope: readonly string[]
  /** Digest of the sign-in session it was given in. */
  readonly sessionId?: string
  /** What extensions have to remember of how it was given. */
  readonly facts?: GrantFacts
}

/** What is remembered of a device request. */
export interface DeviceFacts extends GrantFacts {
  /** Network the request came from, shown to the person; no part of what is granted. */
  readonly requestedFrom?: string
}

/**
 * Seconds for which an expired request is kept: a device that asks late hears `expired_token` and asks for a new code
 * (RFC 8628 §3.5), not that it never had one.
 */
export const deviceRequestKept = 3600

/** RFC 8628 §3.2: a device that waits for a person on another one. */
export interface DeviceRequest {
  /** Digest of `device_code`. */
  readonly digest: TokenDigest
  /** Digest of `user_code` as it is compared: upper case, without separators. */
  readonly userCode: TokenDigest
  /** `client_id` of whom the device runs. */
  readonly clientId: string
  /** What was asked for and may be granted. */
  readonly scope: readonly string[]
  /** What extensions have to remember of the request. */
  readonly facts?: DeviceFacts
  /** Seconds the device must wait between polls; grows when it does not. */
  readonly interval: number
  /** Epoch seconds. */
  readonly createdAt: number
  /** Epoch seconds. */
  readonly expiresAt: number
  /** Id of the user who entered the code: nobody else may see or decide it from then on. */
  readonly claimedBy?: string
  /** Epoch seconds of the last poll. */
  readonly polledAt?: number
  /** What was allowed; absent until then. */
  readonly approval?: DeviceApproval
  /** Epoch seconds. */
  readonly deniedAt?: number
  /** Epoch seconds at which its tokens were fetched. */
  readonly spentAt?: number
}
