import type { StoredUser } from '../model/user.ts'
import type { PageRequest } from './page.ts'

/** People, for whoever has no accounts of their own. */
export interface Users {
  /** By id; undefined when there is none. */
  find(userId: string): Promise<StoredUser | undefined>
  /** By canonical form (`canonicalUsername`). */
  findByUsername(username: string): Promise<StoredUser | undefined>
  /** In the order of their ids, a page at a time. */
  list(page: PageRequest): Promise<StoredUser[]>
  /**
   * Creates or replaces. Atomic: of concurrent saves of one canonical username under different ids exactly one gets
   * `saved`. Saving a user as `disabled`, or with another password hash than the stored one, ends their sessions in the
   * same step and revokes every authorization of theirs with all tokens and token credentials below it, every access
   * token that stands alone, every unredeemed code and every temporary credential they approved that was not exchanged.
   * Consents stay. A hash of the same password made anew is for `renewHash`.
   */
  save(user: StoredUser): Promise<'saved' | 'username_taken'>
  /**
   * Atomic: puts another hash of the same password in place of `before`, where that is still the one. Ends nothing.
   * Returns whether it did.
   */
  renewHash(userId: string, before: string, after: string): Promise<boolean>
  /** Atomic: the user, their sessions, consents, codes and everything issued for them end together. */
  delete(userId: string): Promise<boolean>
}
