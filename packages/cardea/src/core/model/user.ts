/** A person who can sign in. A host with accounts of its own needs only `id` and something to show. */
export interface User {
  /** Never reused: what was issued is kept under it. */
  readonly id: string
  /** What the person types to sign in; compared by its canonical form. */
  readonly username: string
  /** Address of mail, as it was given; nothing here has checked it. */
  readonly email?: string
  /** What people are called on pages. */
  readonly name?: string
  /** Signs nobody in, and nothing that was issued is valid any more. */
  readonly disabled?: boolean
}

/** A user as a store keeps it. */
export interface StoredUser extends User {
  /** PHC string of the password hash; absent: no password sign-in. */
  readonly password_hash?: string
  /** Epoch seconds. */
  readonly created_at: number
}

/** One spelling per account: without it, limits and uniqueness are evaded by case and Unicode variants of one name. */
export const canonicalUsername = (username: string): string => username.normalize('NFKC').trim().toLowerCase()
