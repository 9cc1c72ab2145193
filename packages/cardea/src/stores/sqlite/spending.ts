import type { LedgerEntry, Spend } from '../../core/ports/ledger.ts'
import type { Database } from './database.ts'
import { type DeviceApproving, spendDeviceRequest } from './device-requests.ts'
import { takeInteraction } from './interactions.ts'
import { type Approving, takeTemporaryCredential } from './temporary-credentials.ts'
import { exchanging } from './token-credentials.ts'

/** Why nothing was spent, or that it was. */
export type Spent = 'done' | 'spent' | 'revoked'

/**
 * Uses up what a commit spends; to be run inside a write, before anything else is written.
 * `family`: the authorization that must be live; a refresh token is also held to its own.
 */
export type Spending = (entry: LedgerEntry, family: string | undefined) => Spent

export function spending(
  db: Database,
  isApprovable: Approving['possible'],
  isApprovableDevice: DeviceApproving['possible'],
): Spending {
  const liveFamily = db.prepare('SELECT 1 FROM authorizations WHERE id = ? AND revoked_at IS NULL')
  const code = db.prepare('UPDATE codes SET spent_at = ? WHERE digest = ? AND spent_at IS NULL')
  const interaction = db.prepare(takeInteraction)
  const temporary = db.prepare(takeTemporaryCredential)
  const device = db.prepare(spendDeviceRequest)
  const exchange = exchanging(db)
  const rotate = rotation(db)

  const take = (what: Exclude<Spend, Rotation>, at: number): number => {
    if (what.kind === 'code') return code.run(at, what.digest).changes
    if (what.kind === 'interaction') return interaction.run(at, what.id).changes
    if (what.kind === 'token_credential') return exchange(what, at) ? 1 : 0
    if (what.kind === 'device_request') return device.run(at, what.digest).changes
    return temporary.run(at, what.digest).changes
  }

  return ({ spend: what, approve, approveDevice, at }, family) => {
    // The rotation asks for the live family in its own statement, which saves the hot path a query.
    if (what?.kind === 'refresh_token') return rotate(what, family ?? null, at)
    if (family !== undefined && liveFamily.get(family) === undefined) return 'revoked'
    if (approve !== undefined && !isApprovable(approve.digest, at)) return 'spent'
    if (approveDevice !== undefined && !isApprovableDevice(approveDevice.digest, approveDevice.approval.userId, at)) {
      return 'spent'
    }
    if (what === undefined) return 'done'
    return take(what, at) > 0 ? 'done' : 'spent'
  }
}

type Rotation = Extract<Spend, { kind: 'refresh_token' }>

function rotation(db: Database): (what: Rotation, family: string | null, at: number) => Spent {
  const spend = db.prepare(
    `UPDATE refresh_tokens SET spent_at = ?, successor = ?
     WHERE digest = ? AND spent_at IS NULL AND authorization_id = coalesce(?, authorization_id)
       AND EXISTS (SELECT 1 FROM authorizations a WHERE a.id = authorization_id AND a.revoked_at IS NULL)`,
  )
  const endedFamily = db.prepare(
    `SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM authorizations WHERE revoked_at IS NULL
       AND id = coalesce(?1, (SELECT authorization_id FROM refresh_tokens WHERE digest = ?2)))
     AND coalesce(?1, (SELECT authorization_id FROM refresh_tokens WHERE digest = ?2)) IS NOT NULL`,
  )
  const endAccessTokens = db.prepare(
    `UPDATE authorizations SET generation = generation + 1
     WHERE id = (SELECT authorization_id FROM refresh_tokens WHERE digest = ?)`,
  )
  return (what, family, at) => {
    if (spend.run(at, what.successor, what.digest, family).changes === 0) {
      return endedFamily.get(family, what.digest) === undefined ? 'spent' : 'revoked'
    }
    if (what.endAccessTokens) endAccessTokens.run(what.digest)
    return 'done'
  }
}
