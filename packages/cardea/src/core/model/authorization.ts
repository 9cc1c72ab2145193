import type { GrantFacts } from './grant-facts.ts'

/**
 * What a resource owner (or, for a machine grant, nobody) allowed one client. Its id is the token family:
 * revoking it ends every code and token below it at once.
 */
export interface Authorization {
  /** Names the family of tokens that come from it. */
  readonly id: string
  /** `client_id` of whom it was given to. */
  readonly clientId: string
  /** Who gave it; absent where a client acts for itself (RFC 6749 §4.4). */
  readonly userId?: string
  /** What it came from; its lifetimes go by it. Absent for older ones. */
  readonly grantType?: string
  /** What was allowed. Nothing below it has more. */
  readonly scope: readonly string[]
  /** Digest of the sign-in session it was given in, where there was one. */
  readonly sessionId?: string
  /** What extensions have to remember of how it was given. */
  readonly facts?: GrantFacts
  /** Epoch seconds. */
  readonly createdAt: number
  /** Epoch seconds after which nothing below it is valid: the absolute lifetime of the family. */
  readonly expiresAt: number
  /** Epoch seconds. */
  readonly revokedAt?: number
}

/** The remembered decision of a user about a client. */
export interface Consent {
  /** Who consented. */
  readonly userId: string
  /** `client_id` of whom it was given to. */
  readonly clientId: string
  /** What need not be asked for again. */
  readonly scope: readonly string[]
  /** Protected resources that were allowed. */
  readonly facts?: Pick<GrantFacts, 'resources'>
  /** Epoch seconds. */
  readonly updatedAt: number
}
