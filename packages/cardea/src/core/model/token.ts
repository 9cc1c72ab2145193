import type { TokenDigest } from './digest.ts'
import type { GrantFacts } from './grant-facts.ts'

interface IssuedToken {
  readonly digest: TokenDigest
  readonly clientId: string
  readonly userId?: string
  readonly scope: readonly string[]
  readonly facts?: GrantFacts
  /** Epoch seconds. */
  readonly issuedAt: number
}

/** What lets a request in, or says what it lets in. Kept by its digest. */
export interface AccessToken extends IssuedToken {
  /** The family; absent for a machine token that stands alone. */
  readonly authorizationId?: string
  /** Epoch seconds; absent: does not expire. */
  readonly expiresAt?: number
  /** Epoch seconds. Revoked tokens are marked, not deleted, until they expire. */
  readonly revokedAt?: number
}

/** What fetches the next tokens of an authorization, once. Kept by its digest. */
export interface RefreshToken extends IssuedToken {
  /** The family it belongs to; it ends with it. */
  readonly authorizationId: string
  /** Epoch seconds: idle lifetime, renewed by rotation, never beyond the authorization's own end. */
  readonly expiresAt: number
  /** Epoch seconds; set once it was rotated. */
  readonly spentAt?: number
  /** Digest of the token that replaced it. */
  readonly successor?: TokenDigest
}

/**
 * A short public reference to a token, for lists and revocation by an operator: the first 48 bits of its digest.
 * It is a number so that clients of systems with integer row ids (`id` in the token answer) keep working.
 */
export const tokenReference = (digest: TokenDigest): number =>
  Number.parseInt(Buffer.from(digest.slice(0, 8), 'base64url').toString('hex'), 16)

/** How the digest of a token begins whose reference is this: the way back from `tokenReference`. */
export const digestPrefixFrom = (reference: number): string =>
  Buffer.from(reference.toString(16).padStart(12, '0'), 'hex').toString('base64url')
