import type { TokenDigest } from './digest.ts'

/** RFC 7591 §1.2: lets its holder register clients. */
export interface InitialAccessToken {
  /** Digest of the token, which is kept nowhere. */
  readonly digest: TokenDigest
  /** Whom it was given to, for the operator. */
  readonly label: string
  /** Epoch seconds. */
  readonly createdAt: number
  /** Epoch seconds; absent: does not expire. */
  readonly expiresAt?: number
  /** Clients that can still be registered with it; absent: any number. */
  readonly usesLeft?: number
  /** Name of the registration policy of what it registers. Absent: the default policy. */
  readonly policy?: string
}
