import type { Database, Value } from './database.ts'
import { generationStart } from './unkept-tokens.ts'

/** Whose things end. */
export type Owner = 'client_id = ?' | 'user_id = ?' | 'user_id = ? AND client_id = ?'

export interface Endings {
  /**
   * Marks authorizations and tokens that stand below none of the client's own, forgets what was not exchanged. Returns how
   * many authorizations ended.
   */
  revoke(at: number, ...owner: Value[]): number
  /**
   * Removes authorizations, tokens that stand alone, codes, temporary credentials and consents. Tokens below a removed
   * authorization cannot be found any more; the sweep takes them when they expire.
   */
  remove(...owner: Value[]): void
  forgetConsents(...owner: Value[]): void
}

/** Stands alone, or was exchanged for this client and hangs below the authorization of another (RFC 8693). */
const notBelowOwn = `(authorization_id IS NULL OR EXISTS (SELECT 1 FROM authorizations a
  WHERE a.id = access_tokens.authorization_id AND a.client_id <> access_tokens.client_id))`

/** To be run inside a write. */
export function endings(db: Database, owner: Owner): Endings {
  const revokeAuthorizations = db.prepare(
    `UPDATE authorizations SET revoked_at = ? WHERE ${owner} AND revoked_at IS NULL`,
  )
  const revokeTokens = db.prepare(
    `UPDATE access_tokens SET revoked_at = ? WHERE ${owner} AND ${notBelowOwn} AND revoked_at IS NULL`,
  )
  const forgetCodes = db.prepare(`DELETE FROM codes WHERE ${owner} AND spent_at IS NULL`)
  const forgetRequests = db.prepare(`DELETE FROM temporary_credentials WHERE ${owner} AND taken_at IS NULL`)
  const forgetDevices = db.prepare(`DELETE FROM device_requests WHERE ${owner} AND spent_at IS NULL`)
  const removals = ['authorizations', 'codes', 'temporary_credentials', 'device_requests', 'consents'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE ${owner}`),
  )
  removals.unshift(db.prepare(`DELETE FROM access_tokens WHERE ${owner} AND ${notBelowOwn}`))
  const forgetConsents = db.prepare(`DELETE FROM consents WHERE ${owner}`)
  return {
    revoke(at, ...values) {
      revokeTokens.run(at, ...values)
      forgetCodes.run(...values)
      forgetRequests.run(...values)
      forgetDevices.run(...values)
      return revokeAuthorizations.run(at, ...values).changes
    },
    remove(...values) {
      for (const removal of removals) removal.run(...values)
    },
    forgetConsents(...values) {
      forgetConsents.run(...values)
    },
  }
}

/** The same for all that a client has, tokens without a row included. To be run inside a write. */
export function clientEndings(db: Database): {
  revoke(clientId: string, at: number): number
  remove(clientId: string): void
} {
  const owned = endings(db, 'client_id = ?')
  const beginGeneration = generationStart(db)
  return {
    revoke(clientId, at) {
      beginGeneration(clientId, at)
      return owned.revoke(at, clientId)
    },
    remove(clientId) {
      beginGeneration(clientId, db.now())
      owned.remove(clientId)
    },
  }
}
