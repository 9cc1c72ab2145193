import type { TokenDigest } from './digest.ts'

/** What a resource owner decided about a temporary credential (RFC 5849 §2.2). */
export interface TemporaryApproval {
  /** Who approved it. */
  readonly userId: string
  /** What was allowed. */
  readonly scope: readonly string[]
  /** Digest of `oauth_verifier`. */
  readonly verifier: TokenDigest
  /** Digest of the sign-in session it was given in. */
  readonly sessionId?: string
}

/** RFC 5849 §2.1: stands for an authorization request until it is exchanged, once, by the client that asked for it. */
export interface TemporaryCredential {
  /** Digest of `oauth_token`. */
  readonly digest: TokenDigest
  /** Consumer key of whom it was issued to. */
  readonly clientId: string
  /** `oauth_token_secret`, sealed under the server's keys: signatures cannot be checked against a digest. */
  readonly sealedSecret: string
  /** A registered callback, or `oob`. */
  readonly callback: string
  /** What the client may be granted. */
  readonly scope: readonly string[]
  /** Epoch seconds. */
  readonly createdAt: number
  /** Epoch seconds. */
  readonly expiresAt: number
  /** What the resource owner has decided; absent until then. */
  readonly approval?: TemporaryApproval
  /** Epoch seconds; a taken one stays findable until it expires, so that it is told apart from one that never was. */
  readonly takenAt?: number
}
