import type { DeviceApproval, DeviceRequest } from '../../core/model/device-request.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { DeviceRequests } from '../../core/ports/device-requests.ts'
import type { Database } from './database.ts'
import { type Draft, factsFrom, factsText, scopeList, scopeText } from './row-values.ts'

interface DeviceRequestRow {
  readonly digest: TokenDigest
  readonly user_code: TokenDigest
  readonly client_id: string
  readonly scope: string
  readonly facts: string | null
  readonly poll_interval: number
  readonly created_at: number
  readonly expires_at: number
  readonly claimed_by: string | null
  readonly polled_at: number | null
  readonly user_id: string | null
  readonly approved_scope: string | null
  readonly approved_facts: string | null
  readonly session_id: string | null
  readonly denied_at: number | null
  readonly spent_at: number | null
}

function approvalFrom(row: DeviceRequestRow): DeviceApproval | undefined {
  if (row.user_id === null || row.approved_scope === null) return undefined
  const approval: Draft<DeviceApproval> = { userId: row.user_id, scope: scopeList(row.approved_scope) }
  if (row.session_id !== null) approval.sessionId = row.session_id
  if (row.approved_facts !== null) approval.facts = factsFrom(row.approved_facts)
  return approval
}

function requestFrom(row: DeviceRequestRow): DeviceRequest {
  const request: Draft<DeviceRequest> = {
    digest: row.digest,
    userCode: row.user_code,
    clientId: row.client_id,
    scope: scopeList(row.scope),
    interval: row.poll_interval,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
  const approval = approvalFrom(row)
  if (row.facts !== null) request.facts = factsFrom(row.facts)
  if (row.claimed_by !== null) request.claimedBy = row.claimed_by
  if (row.polled_at !== null) request.polledAt = row.polled_at
  if (approval !== undefined) request.approval = approval
  if (row.denied_at !== null) request.deniedAt = row.denied_at
  if (row.spent_at !== null) request.spentAt = row.spent_at
  return request
}

/** Parameters: digest, user, time. */
const decidable = `digest = ?1 AND (claimed_by IS NULL OR claimed_by = ?2) AND user_id IS NULL AND denied_at IS NULL
  AND expires_at > ?3`

export function sqliteDeviceRequests(db: Database): DeviceRequests {
  const byDigest = db.prepare<DeviceRequestRow>('SELECT * FROM device_requests WHERE digest = ?')
  const byUserCode = db.prepare<DeviceRequestRow>('SELECT * FROM device_requests WHERE user_code = ?')
  const insert = deviceRequestInsert(db)
  const claim = db.prepare(
    'UPDATE device_requests SET claimed_by = ?2 WHERE digest = ?1 AND (claimed_by IS NULL OR claimed_by = ?2)',
  )
  const deny = db.prepare(`UPDATE device_requests SET denied_at = ?3 WHERE ${decidable}`)
  const poll = db.prepare('UPDATE device_requests SET polled_at = ?, poll_interval = ? WHERE digest = ?')

  const found = (row: DeviceRequestRow | undefined): DeviceRequest | undefined =>
    row === undefined ? undefined : requestFrom(row)

  const notePoll = (digest: TokenDigest, at: number, longer: number): 'ok' | 'slow_down' | undefined => {
    const row = byDigest.get(digest)
    if (row === undefined) return undefined
    const tooSoon = row.polled_at !== null && at - row.polled_at < row.poll_interval
    poll.run(at, tooSoon ? row.poll_interval + longer : row.poll_interval, digest)
    return tooSoon ? 'slow_down' : 'ok'
  }

  return {
    save: (request) =>
      db.write(() => {
        if (byUserCode.get(request.userCode) !== undefined) return false
        insert(request)
        return true
      }),
    find: (digest) => db.read(() => found(byDigest.get(digest))),
    findByUserCode: (userCode) => db.read(() => found(byUserCode.get(userCode))),
    claim: (digest, userId) => db.write(() => claim.run(digest, userId).changes > 0),
    deny: (digest, userId, at) => db.write(() => deny.run(digest, userId, at).changes > 0),
    poll: (digest, at, longer) => db.write(() => notePoll(digest, at, longer)),
  }
}

function deviceRequestInsert(db: Database): (request: DeviceRequest) => void {
  const insert = db.prepare(
    `INSERT INTO device_requests (digest, user_code, client_id, scope, facts, poll_interval, created_at, expires_at,
       claimed_by, polled_at, user_id, approved_scope, approved_facts, session_id, denied_at, spent_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return (request) => {
    const { approval } = request
    insert.run(
      request.digest,
      request.userCode,
      request.clientId,
      scopeText(request.scope),
      factsText(request.facts),
      request.interval,
      request.createdAt,
      request.expiresAt,
      request.claimedBy ?? null,
      request.polledAt ?? null,
      approval?.userId ?? null,
      approval === undefined ? null : scopeText(approval.scope),
      factsText(approval?.facts),
      approval?.sessionId ?? null,
      request.deniedAt ?? null,
      request.spentAt ?? null,
    )
  }
}

export const spendDeviceRequest = `
  UPDATE device_requests SET spent_at = ?1
  WHERE digest = ?2 AND spent_at IS NULL AND user_id IS NOT NULL AND expires_at > ?1`

export interface DeviceApproving {
  /** Asked before anything is written: what holds inside a transaction holds until its end. */
  readonly possible: (digest: TokenDigest, userId: string, at: number) => boolean
  readonly approve: (digest: TokenDigest, approval: DeviceApproval) => void
}

/** To be run inside a write. */
export function deviceApproving(db: Database): DeviceApproving {
  const pending = db.prepare(`SELECT 1 FROM device_requests WHERE ${decidable}`)
  const approve = db.prepare(
    'UPDATE device_requests SET user_id = ?, approved_scope = ?, approved_facts = ?, session_id = ? WHERE digest = ?',
  )
  return {
    possible: (digest, userId, at) => pending.get(digest, userId, at) !== undefined,
    approve(digest, { userId, scope, facts, sessionId = null }) {
      approve.run(userId, scopeText(scope), factsText(facts), sessionId, digest)
    },
  }
}
