import { deviceRequestKept } from '../../core/model/device-request.ts'
import type { Housekeeping } from '../../core/ports/housekeeping.ts'
import type { Database } from './database.ts'

/** Table, its key, the column that says when a row has had its time, and seconds for which it is kept after that. */
const expiring: readonly (readonly [table: string, key: string, expiry: string, kept?: number])[] = [
  ['access_tokens', 'digest', 'kept_until'],
  ['refresh_tokens', 'digest', 'expires_at'],
  ['token_credentials', 'digest', 'kept_until'],
  ['codes', 'digest', 'expires_at'],
  ['temporary_credentials', 'digest', 'expires_at'],
  ['device_requests', 'digest', 'expires_at', deviceRequestKept],
  ['pushed_requests', 'digest', 'expires_at'],
  ['initial_access_tokens', 'digest', 'expires_at'],
  ['signing_keys', 'kid', 'expires_at'],
  ['replay_marks', 'key', 'until'],
  ['revoked_tokens', 'digest', 'until'],
  ['token_generations', 'client_id', 'kept_until'],
  ['authorizations', 'id', 'expires_at'],
  ['interactions', 'id', 'expires_at'],
  ['sessions', 'digest', 'expires_at'],
  ['attempts', 'key', 'ends_at'],
]

export function sqliteHousekeeping(db: Database): Housekeeping {
  const sweeps = expiring.map(([table, key, expiry, kept = 0]) => ({
    kept,
    sweep: db.prepare(
      `DELETE FROM ${table} WHERE ${key} IN
         (SELECT ${key} FROM ${table} WHERE ${expiry} < ? ORDER BY ${expiry} LIMIT ?)`,
    ),
  }))
  return {
    async sweep(at, limit) {
      let removed = 0
      // One kind per transaction: requests that write in between wait for one small step only.
      for (const { kept, sweep } of sweeps) {
        removed += await db.write(() => {
          db.cache.forgetGenerations()
          return sweep.run(at - kept, limit).changes
        })
      }
      return removed
    },
  }
}
