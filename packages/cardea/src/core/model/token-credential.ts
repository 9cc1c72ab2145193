import type { TokenDigest } from './digest.ts'

/** RFC 5849 §2.3: what a client signs its requests for a resource owner with. Lives under an authorization. */
export interface TokenCredential {
  /** Digest of `oauth_token`. */
  readonly digest: TokenDigest
  /** The authorization it stands for; it ends with it. */
  readonly authorizationId: string
  /** Consumer key of whom it was issued to. */
  readonly clientId: string
  /** Who allowed it. */
  readonly userId: string
  /** What it is good for. */
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
