import type { Authorization, Consent } from '../../core/model/authorization.ts'
import type { AccessToken, RefreshToken } from '../../core/model/token.ts'
import type { Ledger, LedgerEntry, LedgerOutcome } from '../../core/ports/ledger.ts'
import { refuseMixedApproval } from '../entry-faults.ts'
import { requiredAuthorization } from '../required-authorization.ts'
import type { ClientLookup } from './clients.ts'
import { codeInsert } from './codes.ts'
import type { Database } from './database.ts'
import { type DeviceApproving, deviceApproving } from './device-requests.ts'
import { factsText, scopeText } from './row-values.ts'
import { spending } from './spending.ts'
import { type Approving, approving } from './temporary-credentials.ts'
import { tokenCredentialInsert } from './token-credential-row.ts'
import type { UserCheck } from './users.ts'
import { using } from './using.ts'

export function sqliteLedger(db: Database, clientById: ClientLookup, isEnabledUser: UserCheck): Ledger {
  const approval = approving(db)
  const device = deviceApproving(db)
  const spend = spending(db, approval.possible, device.possible)
  const save = saving(db, approval.approve, device.approve)
  const use = using(db)

  const isEnabledClient = (clientId: string): boolean => {
    const client = clientById(clientId)
    return client !== undefined && !client.disabled
  }

  // Every refusal comes before the first change but that of `uses`, which stay used up: a refused commit needs no undoing
  // inside its group.
  const commit = (entry: LedgerEntry): LedgerOutcome => {
    refuseMixedApproval(entry)
    const family = requiredAuthorization(entry)
    const used = entry.uses === undefined ? undefined : use(entry.uses, entry.at)
    if (used !== undefined) return { used }
    if (entry.requireClient !== undefined && !isEnabledClient(entry.requireClient)) return 'revoked'
    if (entry.requireUser !== undefined && !isEnabledUser(entry.requireUser, entry.requirePassword)) return 'revoked'
    const outcome = spend(entry, family)
    if (outcome === 'done') save(entry)
    return outcome
  }

  return { commit: (entry) => db.write(() => commit(entry)) }
}

function saving(
  db: Database,
  approve: Approving['approve'],
  approveDevice: DeviceApproving['approve'],
): (entry: LedgerEntry) => void {
  const saveAuthorization = authorizationInsert(db)
  const saveCode = codeInsert(db)
  const saveAccessToken = accessTokenInsert(db)
  const saveRefreshToken = refreshTokenInsert(db)
  const saveTokenCredential = tokenCredentialInsert(db)
  const saveConsent = consentUpsert(db)
  return (entry) => {
    if (entry.authorization !== undefined) saveAuthorization(entry.authorization)
    if (entry.code !== undefined) saveCode(entry.code)
    if (entry.accessToken !== undefined) saveAccessToken(entry.accessToken)
    if (entry.refreshToken !== undefined) saveRefreshToken(entry.refreshToken)
    if (entry.approve !== undefined) approve(entry.approve.digest, entry.approve.approval)
    if (entry.approveDevice !== undefined) approveDevice(entry.approveDevice.digest, entry.approveDevice.approval)
    if (entry.tokenCredential !== undefined) saveTokenCredential(entry.tokenCredential)
    if (entry.consent !== undefined) saveConsent(entry.consent)
  }
}

function authorizationInsert(db: Database): (authorization: Authorization) => void {
  const insert = db.prepare(
    `INSERT INTO authorizations (id, client_id, user_id, scope, session_id, created_at, expires_at, revoked_at,
       facts, grant_type, generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
  )
  return (row) => {
    insert.run(
      row.id,
      row.clientId,
      row.userId ?? null,
      scopeText(row.scope),
      row.sessionId ?? null,
      row.createdAt,
      row.expiresAt,
      row.revokedAt ?? null,
      factsText(row.facts),
      row.grantType ?? null,
    )
  }
}

function accessTokenInsert(db: Database): (token: AccessToken) => void {
  const into = `INSERT INTO access_tokens
    (digest, client_id, user_id, scope, issued_at, expires_at, revoked_at, kept_until, facts, authorization_id, generation)`
  const insertAlone = db.prepare(`${into} VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?8, NULL, 0)`)
  const insertUnder = db.prepare(
    `${into} SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce(?6, a.expires_at), ?8, a.id, a.generation
     FROM authorizations a WHERE a.id = ?9`,
  )
  return ({
    digest,
    clientId,
    userId = null,
    scope,
    issuedAt,
    expiresAt = null,
    revokedAt = null,
    authorizationId,
    facts,
  }) => {
    const values = [digest, clientId, userId, scopeText(scope), issuedAt, expiresAt, revokedAt, factsText(facts)]
    if (authorizationId === undefined) {
      insertAlone.run(...values)
    } else {
      insertUnder.run(...values, authorizationId)
    }
  }
}

function refreshTokenInsert(db: Database): (token: RefreshToken) => void {
  const insert = db.prepare(
    `INSERT INTO refresh_tokens (digest, authorization_id, client_id, user_id, scope, issued_at, expires_at, spent_at,
       successor, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return (token) => {
    insert.run(
      token.digest,
      token.authorizationId,
      token.clientId,
      token.userId ?? null,
      scopeText(token.scope),
      token.issuedAt,
      token.expiresAt,
      token.spentAt ?? null,
      token.successor ?? null,
      factsText(token.facts),
    )
  }
}

function consentUpsert(db: Database): (consent: Consent) => void {
  const upsert = db.prepare(
    `INSERT INTO consents (user_id, client_id, scope, updated_at, facts) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (user_id, client_id) DO UPDATE SET scope = excluded.scope, updated_at = excluded.updated_at,
       facts = excluded.facts`,
  )
  return ({ userId, clientId, scope, updatedAt, facts }) => {
    upsert.run(userId, clientId, scopeText(scope), updatedAt, factsText(facts))
  }
}
