import type { Housekeeping } from '../../core/ports/housekeeping.ts'
import type { Database } from './database.ts'

/** Table, its key, and the column that says when a row has had its time. */
const expiring = [
  ['access_tokens', 'digest', 'kept_until'],
  ['refresh_tokens', 'digest', 'expires_at'],
  ['token_credentials', 'digest', 'kept_until'],
  ['codes', 'digest', 'expires_at'],
  ['temporary_credentials', 'digest', 'expires_at'],
  ['device_requests', 'digest', 'expires_at'],
  ['pushed_requests', 'digest', 'expires_at'],
  ['initial_access_tokens', 'digest', 'expires_at'],
  ['signing_keys', 'kid', 'expires_at'],
  ['replay_marks', 'key', 'until'],
  ['authorizations', 'id', 'expires_at'],
  ['interactions', 'id', 'expires_at'],
  ['sessions', 'digest', 'expires_at'],
  ['attempts', 'key', 'ends_at'],
] as const

export function sqliteHousekeeping(db: Database): Housekeeping {
  const sweeps = expiring.map(([table, key, expiry]) =>
    db.prepare(
      `DELETE FROM ${table} WHERE ${key} IN
         (SELECT ${key} FROM ${table} WHERE ${expiry} < ? ORDER BY ${expiry} LIMIT ?)`,
    ),
  )
  return {
    async sweep(at, limit) {
      let removed = 0
      // One kind per transaction: requests that write in between wait for one small step only.
      for (const sweep of sweeps) removed += await db.write(() => sweep.run(at, limit).changes)
      return removed
    },
  }
}
