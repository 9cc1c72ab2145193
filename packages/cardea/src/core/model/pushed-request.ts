import type { TokenDigest } from './digest.ts'

/** RFC 9126 §2: an authorization request that its client left with us, and refers to by `request_uri`. */
export interface PushedRequest {
  /** Digest of the reference. */
  readonly digest: TokenDigest
  /** `client_id` of who pushed it, and who alone may use it. */
  readonly clientId: string
  /** Parameters as they were checked, in order; a parameter that may be repeated has several pairs. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
  /** It came as a request object (RFC 9101), so a client that has to sign meanwhile may still use it. Absent: it did not. */
  readonly signed?: true
  /** Epoch seconds. */
  readonly createdAt: number
  /** Epoch seconds. */
  readonly expiresAt: number
  /** Epoch seconds at which an authorization request used it; a used one stays findable until it expires. */
  readonly takenAt?: number
}
