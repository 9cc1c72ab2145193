import type { TokenDigest } from '../../core/model/digest.ts'
import type { AccessToken, RefreshToken } from '../../core/model/token.ts'
import type { FoundAccessToken, FoundRefreshToken } from '../../core/ports/tokens.ts'
import { type AuthorizationRow, authorizationFrom } from './authorizations.ts'
import { type Draft, factsFrom, scopeList } from './row-values.ts'

/** An access token with its standing; one whose authorization is gone is gone with it. */
export const selectAccess = `
  SELECT t.digest, t.authorization_id, t.client_id, t.user_id, t.scope, t.issued_at, t.expires_at, t.revoked_at, t.facts,
    (t.revoked_at IS NOT NULL OR a.revoked_at IS NOT NULL OR t.generation < a.generation) AS revoked
  FROM access_tokens t LEFT JOIN authorizations a ON a.id = t.authorization_id
  WHERE (a.id IS NOT NULL OR t.authorization_id IS NULL)`

export interface AccessRow {
  readonly digest: TokenDigest
  readonly authorization_id: string | null
  readonly client_id: string
  readonly user_id: string | null
  readonly scope: string
  readonly issued_at: number
  readonly expires_at: number | null
  readonly revoked_at: number | null
  readonly facts: string | null
  readonly revoked: number | null
}

export function foundAccess(row: AccessRow): FoundAccessToken {
  const token: Draft<AccessToken> = {
    digest: row.digest,
    clientId: row.client_id,
    scope: scopeList(row.scope),
    issuedAt: row.issued_at,
  }
  if (row.authorization_id !== null) token.authorizationId = row.authorization_id
  if (row.user_id !== null) token.userId = row.user_id
  if (row.expires_at !== null) token.expiresAt = row.expires_at
  if (row.revoked_at !== null) token.revokedAt = row.revoked_at
  if (row.facts !== null) token.facts = factsFrom(row.facts)
  return { token, revoked: row.revoked === 1 }
}

/** A refresh token beside its authorization. */
export const selectRefresh = `
  SELECT t.digest, t.client_id AS token_client_id, t.user_id AS token_user_id, t.scope AS token_scope, t.issued_at,
    t.expires_at AS token_expires_at, t.spent_at, t.successor, t.facts AS token_facts,
    a.id, a.client_id, a.user_id, a.grant_type, a.scope, a.session_id, a.created_at, a.expires_at, a.revoked_at, a.facts
  FROM refresh_tokens t JOIN authorizations a ON a.id = t.authorization_id
  WHERE TRUE`

export interface RefreshRow extends AuthorizationRow {
  readonly digest: TokenDigest
  readonly token_client_id: string
  readonly token_user_id: string | null
  readonly token_scope: string
  readonly issued_at: number
  readonly token_expires_at: number
  readonly spent_at: number | null
  readonly successor: TokenDigest | null
  readonly token_facts: string | null
}

export function foundRefresh(row: RefreshRow): FoundRefreshToken {
  const token: Draft<RefreshToken> = {
    digest: row.digest,
    authorizationId: row.id,
    clientId: row.token_client_id,
    scope: scopeList(row.token_scope),
    issuedAt: row.issued_at,
    expiresAt: row.token_expires_at,
  }
  if (row.token_user_id !== null) token.userId = row.token_user_id
  if (row.spent_at !== null) token.spentAt = row.spent_at
  if (row.successor !== null) token.successor = row.successor
  if (row.token_facts !== null) token.facts = factsFrom(row.token_facts)
  return { token, authorization: authorizationFrom(row) }
}
