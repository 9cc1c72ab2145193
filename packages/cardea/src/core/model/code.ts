import type { TokenDigest } from './digest.ts'
import type { GrantFacts } from './grant-facts.ts'

export type CodeChallengeMethod = 'S256' | 'plain'

/** An authorization code with every fact its redemption is checked against (RFC 6749 §4.1.3, RFC 7636 §4.4). */
export interface AuthorizationCode {
  readonly digest: TokenDigest
  /** Id of the authorization that redeeming creates; a replay revokes it. */
  readonly authorizationId: string
  readonly clientId: string
  readonly userId: string
  readonly scope: readonly string[]
  readonly redirectUri: string
  /** RFC 6749 §4.1.3: a redirect URI that was sent in the authorization request must be repeated. */
  readonly redirectUriSent: boolean
  readonly codeChallenge?: string
  readonly codeChallengeMethod?: CodeChallengeMethod
  readonly sessionId?: string
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
