import type { TokenDigest } from '../../core/model/digest.ts'
import { canonicalUsername, type StoredUser } from '../../core/model/user.ts'
import type { Users } from '../../core/ports/users.ts'
import { isStillPassword } from '../still-password.ts'
import type { Database } from './database.ts'
import { endings } from './endings.ts'
import type { Draft } from './row-values.ts'

interface UserRow {
  readonly id: string
  readonly username: string
  readonly email: string | null
  readonly name: string | null
  readonly disabled: number | null
  readonly password_hash: string | null
  readonly created_at: number
}

function userFrom(row: UserRow): StoredUser {
  const user: Draft<StoredUser> = { id: row.id, username: row.username, created_at: row.created_at }
  if (row.email !== null) user.email = row.email
  if (row.name !== null) user.name = row.name
  if (row.disabled !== null) user.disabled = row.disabled === 1
  if (row.password_hash !== null) user.password_hash = row.password_hash
  return user
}

/** Whether the user exists, is enabled and, where that is asked, still has the password verified; asked inside a write. */
export type UserCheck = (userId: string, password?: TokenDigest) => boolean

export function userCheck(db: Database): UserCheck {
  const enabled = db.prepare<Pick<UserRow, 'password_hash'>>(
    'SELECT password_hash FROM users WHERE id = ? AND disabled IS NOT 1',
  )
  return (userId, password) => {
    const row = enabled.get(userId)
    return row !== undefined && isStillPassword(row.password_hash, password)
  }
}

export function sqliteUsers(db: Database): Users {
  const find = db.prepare<UserRow>('SELECT * FROM users WHERE id = ?')
  const findByUsername = db.prepare<UserRow>('SELECT * FROM users WHERE canonical_username = ?')
  const list = db.prepare<UserRow>('SELECT * FROM users WHERE id > ? ORDER BY id LIMIT ?')
  const save = db.prepare(
    `INSERT INTO users (id, username, canonical_username, email, name, disabled, password_hash, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET username = excluded.username, canonical_username = excluded.canonical_username,
       email = excluded.email, name = excluded.name, disabled = excluded.disabled,
       password_hash = excluded.password_hash, created_at = excluded.created_at`,
  )
  const renew = db.prepare('UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?')
  const remove = db.prepare('DELETE FROM users WHERE id = ?')
  const endSessions = db.prepare('DELETE FROM sessions WHERE user_id = ?')
  const removeCredentials = db.prepare('DELETE FROM token_credentials WHERE user_id = ?')
  const owned = endings(db, 'user_id = ?')

  const saveUser = (user: StoredUser): 'saved' | 'username_taken' => {
    const canonical = canonicalUsername(user.username)
    const holder = findByUsername.get(canonical)
    if (holder !== undefined && holder.id !== user.id) return 'username_taken'
    const passwordHash = user.password_hash ?? null
    const passwordChanged = (find.get(user.id)?.password_hash ?? null) !== passwordHash
    const disabled = user.disabled === undefined ? null : Number(user.disabled)
    const { id, username, email = null, name = null, created_at } = user
    save.run(id, username, canonical, email, name, disabled, passwordHash, created_at)
    // Who changes a password may be shutting out a thief, whose tokens must not outlive it.
    if (user.disabled || passwordChanged) {
      endSessions.run(id)
      owned.revoke(db.now(), id)
    }
    return 'saved'
  }

  const deleteUser = (userId: string): boolean => {
    if (remove.run(userId).changes === 0) return false
    endSessions.run(userId)
    owned.remove(userId)
    // They may never expire, so the sweep would not come for them.
    removeCredentials.run(userId)
    return true
  }

  const optional = (row: UserRow | undefined): StoredUser | undefined => (row === undefined ? undefined : userFrom(row))
  return {
    find: (userId) => db.read(() => optional(find.get(userId))),
    findByUsername: (username) => db.read(() => optional(findByUsername.get(canonicalUsername(username)))),
    list: ({ after = '', limit }) => db.read(() => list.all(after, limit).map(userFrom)),
    save: (user) => db.write(() => saveUser(user)),
    renewHash: (userId, before, after) => db.write(() => renew.run(after, userId, before).changes > 0),
    delete: (userId) => db.write(() => deleteUser(userId)),
  }
}
