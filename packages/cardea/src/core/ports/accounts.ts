import type { User } from '../model/user.ts'

/** Who can sign in. A host with users of its own implements this over them. */
export interface Accounts {
  /** The user, if there is one and it is enabled. */
  find(userId: string): Promise<User | undefined>
  /**
   * The enabled user whose password this is. Must take the same time for an unknown user as for a wrong password.
   * Attempts are limited by the caller.
   */
  authenticate(username: string, password: string): Promise<User | undefined>
  /** The users are those of `Store.users`: a commit then also checks that the user still is there and enabled. */
  readonly inStore: boolean
}
