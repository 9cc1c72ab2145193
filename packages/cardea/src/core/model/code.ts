import type { TokenDigest } from './digest.ts'
import type { GrantFacts } from './grant-facts.ts'

/** RFC 7636 §4.2: a hash of the verifier, or the verifier itself. */
export type CodeChallengeMethod = 'S256' | 'plain'

/** An authorization code with every fact its redemption is checked against (RFC 6749 §4.1.3, RFC 7636 §4.4). */
export interface AuthorizationCode {
  /** Digest of the code. The code itself is kept nowhere. */
  readonly digest: TokenDigest
  /** Id of the authorization that redeeming creates; a replay revokes it. */
  readonly authorizationId: string
  /** `client_id` of whom it was issued to, and who alone may redeem it. */
  readonly clientId: string
  /** Who allowed it. */
  readonly userId: string
  /** What it can be redeemed for. */
  readonly scope: readonly string[]
  /** Where it was sent; redeeming has to name the same (RFC 6749 §4.1.3). */
  readonly redirectUri: string
  /** RFC 6749 §4.1.3: a redirect URI that was sent in the authorization request must be repeated. */
  readonly redirectUriSent: boolean
  /** RFC 7636 §4.2; absent for a confidential client that was allowed to leave it out. */
  readonly codeChallenge?: string
  /** RFC 7636 §4.3; there where a challenge is. */
  readonly codeChallengeMethod?: CodeChallengeMethod
  /** Digest of the sign-in it was issued in. */
  readonly sessionId?: string
  /** What extensions have to remember until it is redeemed. */
  readonly facts?: GrantFacts
  /** Epoch seconds at which the user signed in. */
  readonly authTime: number
  /** Epoch seconds. */
  readonly issuedAt: number
  /** Epoch seconds. */
  readonly expiresAt: number
  /** Epoch seconds; a spent code stays findable until it expires, so that a replay is recognised. */
  readonly spentAt?: number
}
