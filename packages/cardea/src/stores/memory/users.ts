import type { TokenDigest } from '../../core/model/digest.ts'
import { canonicalUsername } from '../../core/model/user.ts'
import type { Users } from '../../core/ports/users.ts'
import { isStillPassword } from '../still-password.ts'
import { deleteOwned, deleteSessions, revokeOwned } from './endings.ts'
import { keptRow } from './kept-row.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'

/** Whether the user exists, is enabled and, where that is asked, still has the password that was verified. */
export function userStands(tables: Tables, userId: string, password: TokenDigest | undefined): boolean {
  const user = tables.users.get(userId)
  return user !== undefined && !user.disabled && isStillPassword(user.password_hash, password)
}

export const memoryUsers = (tables: Tables, now: () => number): Users => ({
  async find(userId) {
    return tables.users.get(userId)
  },
  async findByUsername(username) {
    const id = tables.usernames.get(canonicalUsername(username))
    return id === undefined ? undefined : tables.users.get(id)
  },
  async list(page) {
    return pageOf(tables.users, page, () => true)
  },
  async save(user) {
    const canonical = canonicalUsername(user.username)
    const holder = tables.usernames.get(canonical)
    if (holder !== undefined && holder !== user.id) return 'username_taken'
    const before = tables.users.get(user.id)
    if (before !== undefined) tables.usernames.delete(canonicalUsername(before.username))
    tables.usernames.set(canonical, user.id)
    tables.users.set(user.id, keptRow(user))
    // Who changes a password may be shutting out a thief, whose tokens must not outlive it.
    if (user.disabled || before?.password_hash !== user.password_hash) {
      deleteSessions(tables, user.id)
      revokeOwned(tables, (row) => row.userId === user.id, now())
    }
    return 'saved'
  },
  async renewHash(userId, before, after) {
    const user = tables.users.get(userId)
    if (user?.password_hash !== before) return false
    tables.users.set(userId, keptRow({ ...user, password_hash: after }))
    return true
  },
  async delete(userId) {
    const user = tables.users.get(userId)
    if (user === undefined) return false
    tables.users.delete(userId)
    tables.usernames.delete(canonicalUsername(user.username))
    deleteSessions(tables, userId)
    deleteOwned(tables, (row) => row.userId === userId)
    return true
  },
})
