import type { TokenDigest } from '../../core/model/digest.ts'
import type { Session } from '../../core/model/session.ts'
import type { Sessions } from '../../core/ports/sessions.ts'
import type { Database } from './database.ts'
import type { UserCheck } from './users.ts'

interface SessionRow {
  readonly user_id: string
  readonly auth_time: number
  readonly expires_at: number
  readonly acr: string | null
  readonly amr: string | null
}

const sessionFrom = (digest: TokenDigest, row: SessionRow): Session => ({
  digest,
  userId: row.user_id,
  authTime: row.auth_time,
  expiresAt: row.expires_at,
  ...(row.acr !== null && { acr: row.acr }),
  ...(row.amr !== null && { amr: JSON.parse(row.amr) as readonly string[] }),
})

export function sqliteSessions(db: Database, isEnabledUser: UserCheck): Sessions {
  const find = db.prepare<SessionRow>('SELECT user_id, auth_time, expires_at, acr, amr FROM sessions WHERE digest = ?')
  const save = db.prepare(
    `INSERT INTO sessions (digest, user_id, auth_time, expires_at, acr, amr) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (digest) DO UPDATE SET user_id = excluded.user_id, auth_time = excluded.auth_time,
       expires_at = excluded.expires_at, acr = excluded.acr, amr = excluded.amr`,
  )
  const remove = db.prepare('DELETE FROM sessions WHERE digest = ?')
  const removeByUser = db.prepare('DELETE FROM sessions WHERE user_id = ?')
  return {
    find: (digest) =>
      db.read(() => {
        const row = find.get(digest)
        return row === undefined ? undefined : sessionFrom(digest, row)
      }),
    save: ({ digest, userId, authTime, expiresAt, acr, amr }, requireUser, requirePassword) =>
      db.write(() => {
        if (requireUser && !isEnabledUser(userId, requirePassword)) return false
        save.run(digest, userId, authTime, expiresAt, acr ?? null, amr === undefined ? null : JSON.stringify(amr))
        return true
      }),
    delete: (digest) =>
      db.write(() => {
        remove.run(digest)
      }),
    deleteByUser: (userId) =>
      db.write(() => {
        removeByUser.run(userId)
      }),
  }
}
