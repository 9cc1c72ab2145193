import type { TokenDigest } from '../model/digest.ts'
import type { Session } from '../model/session.ts'

/** Sign-ins, by the digest of their cookie. */
export interface Sessions {
  /** By the digest of the cookie; undefined when there is none. */
  find(digest: TokenDigest): Promise<Session | undefined>
  /**
   * `requireUser`: the user must exist in this store and be enabled at that instant, else nothing is saved
   * (a sign-in racing the account's end). With `requirePassword`, the digest of a password hash, the user must also still
   * have that hash (a sign-in racing a change of the password). Returns whether it was saved.
   */
  save(session: Session, requireUser: boolean, requirePassword?: TokenDigest): Promise<boolean>
  /** Ends a sign-in. */
  delete(digest: TokenDigest): Promise<void>
  /** Ends every sign-in of a user. */
  deleteByUser(userId: string): Promise<void>
}
