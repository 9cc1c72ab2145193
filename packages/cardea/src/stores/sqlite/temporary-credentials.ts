import type { TokenDigest } from '../../core/model/digest.ts'
import type { TemporaryApproval, TemporaryCredential } from '../../core/model/temporary-credential.ts'
import type { TemporaryCredentials } from '../../core/ports/temporary-credentials.ts'
import type { Database } from './database.ts'
import { type Draft, scopeList, scopeText } from './row-values.ts'

interface TemporaryCredentialRow {
  readonly digest: TokenDigest
  readonly client_id: string
  readonly sealed_secret: string
  readonly callback: string
  readonly scope: string
  readonly created_at: number
  readonly expires_at: number
  readonly user_id: string | null
  readonly approved_scope: string | null
  readonly verifier: TokenDigest | null
  readonly session_id: string | null
  readonly taken_at: number | null
}

function approvalFrom(row: TemporaryCredentialRow): TemporaryApproval | undefined {
  if (row.user_id === null || row.approved_scope === null || row.verifier === null) return undefined
  const approval = { userId: row.user_id, scope: scopeList(row.approved_scope), verifier: row.verifier }
  return row.session_id === null ? approval : { ...approval, sessionId: row.session_id }
}

function credentialFrom(row: TemporaryCredentialRow): TemporaryCredential {
  const credential: Draft<TemporaryCredential> = {
    digest: row.digest,
    clientId: row.client_id,
    sealedSecret: row.sealed_secret,
    callback: row.callback,
    scope: scopeList(row.scope),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
  const approval = approvalFrom(row)
  if (approval !== undefined) credential.approval = approval
  if (row.taken_at !== null) credential.takenAt = row.taken_at
  return credential
}

export function sqliteTemporaryCredentials(db: Database): TemporaryCredentials {
  const find = db.prepare<TemporaryCredentialRow>('SELECT * FROM temporary_credentials WHERE digest = ?')
  const remove = db.prepare('DELETE FROM temporary_credentials WHERE digest = ?')
  const decline = db.prepare('DELETE FROM temporary_credentials WHERE digest = ? AND user_id IS NULL')
  const insert = db.prepare(
    `INSERT INTO temporary_credentials (digest, client_id, sealed_secret, callback, scope, created_at, expires_at,
       user_id, approved_scope, verifier, session_id, taken_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const save = (credential: TemporaryCredential): void => {
    const { approval } = credential
    insert.run(
      credential.digest,
      credential.clientId,
      credential.sealedSecret,
      credential.callback,
      scopeText(credential.scope),
      credential.createdAt,
      credential.expiresAt,
      approval?.userId ?? null,
      approval === undefined ? null : scopeText(approval.scope),
      approval?.verifier ?? null,
      approval?.sessionId ?? null,
      credential.takenAt ?? null,
    )
  }
  return {
    save: (credential) => db.write(() => save(credential)),
    find: (digest) =>
      db.read(() => {
        const row = find.get(digest)
        return row === undefined ? undefined : credentialFrom(row)
      }),
    decline: (digest) => db.write(() => decline.run(digest).changes > 0),
    remove: (digest) => db.write(() => remove.run(digest).changes > 0),
  }
}

export const takeTemporaryCredential = `
  UPDATE temporary_credentials SET taken_at = ?1
  WHERE digest = ?2 AND taken_at IS NULL AND user_id IS NOT NULL AND expires_at > ?1`

export interface Approving {
  /** Asked before anything is written: what holds inside a transaction holds until its end. */
  readonly possible: (digest: TokenDigest, at: number) => boolean
  readonly approve: (digest: TokenDigest, approval: TemporaryApproval) => void
}

/** To be run inside a write. */
export function approving(db: Database): Approving {
  const pending = db.prepare(
    `SELECT 1 FROM temporary_credentials
     WHERE digest = ? AND user_id IS NULL AND taken_at IS NULL AND expires_at > ?`,
  )
  const approve = db.prepare(
    `UPDATE temporary_credentials SET user_id = ?, approved_scope = ?, verifier = ?, session_id = ? WHERE digest = ?`,
  )
  return {
    possible: (digest, at) => pending.get(digest, at) !== undefined,
    approve(digest, { userId, scope, verifier, sessionId = null }) {
      approve.run(userId, scopeText(scope), verifier, sessionId, digest)
    },
  }
}
