import type { TokenDigest } from '../../core/model/digest.ts'
import type { TokenCredential } from '../../core/model/token-credential.ts'
import type { FoundTokenCredential } from '../../core/ports/token-credentials.ts'
import type { Database } from './database.ts'
import { type Draft, scopeList, scopeText } from './row-values.ts'

/** A token credential with its standing; one whose authorization is gone is gone with it. */
export const selectTokenCredential = `
  SELECT t.*, (t.revoked_at IS NOT NULL OR a.revoked_at IS NOT NULL) AS revoked
  FROM token_credentials t JOIN authorizations a ON a.id = t.authorization_id
  WHERE TRUE`

export interface TokenCredentialRow {
  readonly digest: TokenDigest
  readonly authorization_id: string
  readonly client_id: string
  readonly user_id: string
  readonly scope: string
  readonly sealed_secret: string
  readonly issued_at: number
  readonly expires_at: number | null
  readonly revoked_at: number | null
  readonly last_used_at: number | null
  readonly revoked: number
}

export function foundTokenCredential(row: TokenCredentialRow): FoundTokenCredential {
  const credential: Draft<TokenCredential> = {
    digest: row.digest,
    authorizationId: row.authorization_id,
    clientId: row.client_id,
    userId: row.user_id,
    scope: scopeList(row.scope),
    sealedSecret: row.sealed_secret,
    issuedAt: row.issued_at,
  }
  if (row.expires_at !== null) credential.expiresAt = row.expires_at
  if (row.revoked_at !== null) credential.revokedAt = row.revoked_at
  if (row.last_used_at !== null) credential.lastUsedAt = row.last_used_at
  return { credential, revoked: row.revoked === 1 }
}

/** To be run inside a write, when the authorization is there. */
export function tokenCredentialInsert(db: Database): (credential: TokenCredential) => void {
  const insert = db.prepare(
    `INSERT INTO token_credentials (digest, client_id, user_id, scope, sealed_secret, issued_at, expires_at, revoked_at,
       last_used_at, authorization_id, kept_until)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, a.id, min(coalesce(?7, a.expires_at), a.expires_at)
     FROM authorizations a WHERE a.id = ?10`,
  )
  return (credential) => {
    insert.run(
      credential.digest,
      credential.clientId,
      credential.userId,
      scopeText(credential.scope),
      credential.sealedSecret,
      credential.issuedAt,
      credential.expiresAt ?? null,
      credential.revokedAt ?? null,
      credential.lastUsedAt ?? null,
      credential.authorizationId,
    )
  }
}
