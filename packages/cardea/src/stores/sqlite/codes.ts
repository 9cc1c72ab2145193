import type { AuthorizationCode, CodeChallengeMethod } from '../../core/model/code.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { Codes } from '../../core/ports/codes.ts'
import type { Database } from './database.ts'
import { type Draft, factsFrom, factsText, scopeList, scopeText } from './row-values.ts'

interface CodeRow {
  readonly digest: TokenDigest
  readonly authorization_id: string
  readonly client_id: string
  readonly user_id: string
  readonly scope: string
  readonly redirect_uri: string
  readonly redirect_uri_sent: number
  readonly code_challenge: string | null
  readonly code_challenge_method: CodeChallengeMethod | null
  readonly session_id: string | null
  readonly facts: string | null
  readonly auth_time: number
  readonly issued_at: number
  readonly expires_at: number
  readonly spent_at: number | null
}

function codeFrom(row: CodeRow): AuthorizationCode {
  const code: Draft<AuthorizationCode> = {
    digest: row.digest,
    authorizationId: row.authorization_id,
    clientId: row.client_id,
    userId: row.user_id,
    scope: scopeList(row.scope),
    redirectUri: row.redirect_uri,
    redirectUriSent: row.redirect_uri_sent === 1,
    authTime: row.auth_time,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
  }
  if (row.code_challenge !== null) code.codeChallenge = row.code_challenge
  if (row.code_challenge_method !== null) code.codeChallengeMethod = row.code_challenge_method
  if (row.session_id !== null) code.sessionId = row.session_id
  if (row.facts !== null) code.facts = factsFrom(row.facts)
  if (row.spent_at !== null) code.spentAt = row.spent_at
  return code
}

/** To be run inside a write. */
export function codeInsert(db: Database): (code: AuthorizationCode) => void {
  const insert = db.prepare(
    `INSERT INTO codes (digest, authorization_id, client_id, user_id, scope, redirect_uri, redirect_uri_sent,
       code_challenge, code_challenge_method, session_id, auth_time, issued_at, expires_at, spent_at, facts)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return (code) => {
    insert.run(
      code.digest,
      code.authorizationId,
      code.clientId,
      code.userId,
      scopeText(code.scope),
      code.redirectUri,
      code.redirectUriSent ? 1 : 0,
      code.codeChallenge ?? null,
      code.codeChallengeMethod ?? null,
      code.sessionId ?? null,
      code.authTime,
      code.issuedAt,
      code.expiresAt,
      code.spentAt ?? null,
      factsText(code.facts),
    )
  }
}

export function sqliteCodes(db: Database): Codes {
  const find = db.prepare<CodeRow>('SELECT * FROM codes WHERE digest = ?')
  return {
    find: (digest) =>
      db.read(() => {
        const row = find.get(digest)
        return row === undefined ? undefined : codeFrom(row)
      }),
  }
}
