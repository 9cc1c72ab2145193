import type { TokenDigest } from './digest.ts'

/** A sign-in of one user in one browser. Known by the digest of its cookie. */
export interface Session {
  /** Digest of the value in the cookie, which is kept nowhere. */
  readonly digest: TokenDigest
  /** Who has signed in. */
  readonly userId: string
  /** Epoch seconds at which the user proved who they are. */
  readonly authTime: number
  /** How: a class that the host has names for (RFC 9470, OIDC Core §2). Absent: nobody said. */
  readonly acr?: string
  /** How: by which methods (RFC 8176). Absent: nobody said. */
  readonly amr?: readonly string[]
  /** Epoch seconds: absolute end. */
  readonly expiresAt: number
}
