import type { TokenDigest } from './digest.ts'

/** RFC 5849 §2.3: what a client signs its requests for a resource owner with. Lives under an authorization. */
export interface TokenCredential {
  /** Digest of `oauth_token`. */
  readonly digest: TokenDigest
  readonly authorizationId: string
  readonly clientId: string
  readonly userId: string
  readonly scope: readonly string[]
  /** `oauth_token_secret`, sealed under the server's keys. */
  readonly sealedSecret: string
  /** Epoch seconds. */
  readonly issuedAt: number
  /** Epoch seconds; absent: it does not expire. */
  readonly expiresAt?: number
  /** Epoch seconds. */
  readonly revokedAt?: number
  /** Epoch seconds, not more exact than an hour. */
  readonly lastUsedAt?: number
}
