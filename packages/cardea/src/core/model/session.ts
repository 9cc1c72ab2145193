import type { TokenDigest } from './digest.ts'

/** A sign-in of one user in one browser. Known by the digest of its cookie. */
export interface Session {
  readonly digest: TokenDigest
  readonly userId: string
  /** Epoch seconds at which the user proved who they are. */
  readonly authTime: number
  /** Epoch seconds: absolute end. */
  readonly expiresAt: number
}
