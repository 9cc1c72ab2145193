import type { GrantFacts } from './grant-facts.ts'

/**
 * What a resource owner (or, for a machine grant, nobody) allowed one client. Its id is the token family:
 * revoking it ends every code and token below it at once.
 */
export interface Authorization {
  readonly id: string
  readonly clientId: string
  readonly userId?: string
  /** What it came from; its lifetimes go by it. Absent for older ones. */
  readonly grantType?: string
  readonly scope: readonly string[]
  /** Digest of the sign-in session it was given in, where there was one. */
  readonly sessionId?: string
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
  readonly userId: string
  readonly clientId: string
  readonly scope: readonly string[]
  /** Epoch seconds. */
  readonly updatedAt: number
}
