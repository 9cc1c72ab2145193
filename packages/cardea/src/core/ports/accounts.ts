import type { TokenDigest } from '../model/digest.ts'
import type { User } from '../model/user.ts'
import type { WantedSignIn } from '../model/wanted-sign-in.ts'

/** Somebody whose password was just verified. */
export interface AuthenticatedUser extends User {
  /**
   * Digest of the password hash it was verified against, where the users are those of the store: what is given for the
   * password is given only if it is still that one at that instant.
   */
  readonly passwordDigest?: TokenDigest
  /** The class of this sign-in, by names of the host's (RFC 9470). Default: none. */
  readonly acr?: string
  /** The methods it was made by (RFC 8176), such as `pwd`, `otp`. Default: none. */
  readonly amr?: readonly string[]
}

/** Who can sign in. A host with users of its own implements this over them. */
export interface Accounts {
  /** The user, if there is one and it is enabled. */
  find(userId: string): Promise<User | undefined>
  /**
   * The enabled user whose password this is. Must take the same time for an unknown user as for a wrong password.
   * Attempts are limited by the caller. `wanted` is what the request behind it wants of the sign-in; absent: nothing.
   */
  authenticate(username: string, password: string, wanted?: WantedSignIn): Promise<AuthenticatedUser | undefined>
  /** The users are those of `Store.users`: a commit then also checks that the user still is there and enabled. */
  readonly inStore: boolean
}
