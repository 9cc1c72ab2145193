import type { Authorization } from '../../core/model/authorization.ts'
import type { Authorizations, Consents } from '../../core/ports/authorizations.ts'
import type { Database, Query, Value } from './database.ts'
import { clientEndings, endings } from './endings.ts'
import { type Draft, factsFrom, scopeList } from './row-values.ts'

export interface AuthorizationRow {
  readonly id: string
  readonly client_id: string
  readonly user_id: string | null
  readonly grant_type: string | null
  readonly scope: string
  readonly session_id: string | null
  readonly facts: string | null
  readonly created_at: number
  readonly expires_at: number
  readonly revoked_at: number | null
}

export function authorizationFrom(row: AuthorizationRow): Authorization {
  const authorization: Draft<Authorization> = {
    id: row.id,
    clientId: row.client_id,
    scope: scopeList(row.scope),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
  if (row.user_id !== null) authorization.userId = row.user_id
  if (row.grant_type !== null) authorization.grantType = row.grant_type
  if (row.session_id !== null) authorization.sessionId = row.session_id
  if (row.facts !== null) authorization.facts = factsFrom(row.facts)
  if (row.revoked_at !== null) authorization.revokedAt = row.revoked_at
  return authorization
}

export function sqliteAuthorizations(db: Database): Authorizations {
  const find = db.prepare<AuthorizationRow>('SELECT * FROM authorizations WHERE id = ?')
  const listWhere = (owner: string): Query<AuthorizationRow> =>
    db.prepare(`SELECT * FROM authorizations WHERE ${owner} id > ? ORDER BY id LIMIT ?`)
  const listAll = listWhere('')
  const listByClient = listWhere('client_id = ? AND')
  const listByUser = listWhere('user_id = ? AND')
  const listByBoth = listWhere('user_id = ? AND client_id = ? AND')
  const revoke = db.prepare('UPDATE authorizations SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
  const ofUser = endings(db, 'user_id = ?')
  const ofClient = clientEndings(db)
  const ofUserAtClient = endings(db, 'user_id = ? AND client_id = ?')

  const list = (userId: string | undefined, clientId: string | undefined, ...page: Value[]): AuthorizationRow[] => {
    if (userId === undefined) return clientId === undefined ? listAll.all(...page) : listByClient.all(clientId, ...page)
    return clientId === undefined ? listByUser.all(userId, ...page) : listByBoth.all(userId, clientId, ...page)
  }

  return {
    find: (id) =>
      db.read(() => {
        const row = find.get(id)
        return row === undefined ? undefined : authorizationFrom(row)
      }),
    list: ({ userId, clientId }, { after = '', limit }) =>
      db.read(() => list(userId, clientId, after, limit).map(authorizationFrom)),
    revoke: (id, at) => db.write(() => revoke.run(at, id).changes > 0),
    revokeByUser: (userId, at, clientId) =>
      db.write(() => {
        const owned = clientId === undefined ? ofUser : ofUserAtClient
        const owner = clientId === undefined ? [userId] : [userId, clientId]
        owned.forgetConsents(...owner)
        return owned.revoke(at, ...owner)
      }),
    revokeByClient: (clientId, at) => db.write(() => ofClient.revoke(clientId, at)),
  }
}

export function sqliteConsents(db: Database): Consents {
  const find = db.prepare<{ scope: string; facts: string | null; updated_at: number }>(
    'SELECT scope, facts, updated_at FROM consents WHERE user_id = ? AND client_id = ?',
  )
  return {
    find: (userId, clientId) =>
      db.read(() => {
        const row = find.get(userId, clientId)
        if (row === undefined) return undefined
        const consent = { userId, clientId, scope: scopeList(row.scope), updatedAt: row.updated_at }
        return row.facts === null ? consent : { ...consent, facts: factsFrom(row.facts) }
      }),
  }
}
