import type { TokenDigest } from './digest.ts'

/** A sign-in of one user in one browser. Known by the digest of its cookie. */
export interface Session {
  /** Digest of the value in the cookie, which is kept nowhere. */
  readonly digest: TokenDigest
  /** Who has signed in. */
  readonly userId: string
  /** Epoch seconds at which the user proved who they are. */
  readonly authTime: number
  /** Epoch seconds: absolute end. */
  readonly expiresAt: number
}
