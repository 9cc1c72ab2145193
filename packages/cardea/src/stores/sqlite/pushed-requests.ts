import type { TokenDigest } from '../../core/model/digest.ts'
import type { PushedRequest } from '../../core/model/pushed-request.ts'
import type { PushedRequests } from '../../core/ports/pushed-requests.ts'
import type { Database } from './database.ts'

interface PushedRequestRow {
  readonly digest: TokenDigest
  readonly client_id: string
  readonly parameters: string
  readonly created_at: number
  readonly expires_at: number
  readonly taken_at: number | null
  readonly signed: number | null
}

const requestFrom = (row: PushedRequestRow): PushedRequest => ({
  digest: row.digest,
  clientId: row.client_id,
  parameters: JSON.parse(row.parameters),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  ...(row.taken_at !== null && { takenAt: row.taken_at }),
  ...(row.signed !== null && { signed: true }),
})

/** Whether it was there and not taken; to be run inside a write. */
export type Taking = (digest: TokenDigest, at: number) => boolean

export function takingPushed(db: Database): Taking {
  const take = db.prepare('UPDATE pushed_requests SET taken_at = ? WHERE digest = ? AND taken_at IS NULL')
  return (digest, at) => take.run(at, digest).changes > 0
}

export function sqlitePushedRequests(db: Database): PushedRequests {
  const find = db.prepare<PushedRequestRow>('SELECT * FROM pushed_requests WHERE digest = ?')
  const take = takingPushed(db)
  const insert = db.prepare(
    `INSERT INTO pushed_requests (digest, client_id, parameters, created_at, expires_at, taken_at, signed)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  return {
    save: ({ digest, clientId, parameters, createdAt, expiresAt, takenAt = null, signed }) =>
      db.write(() => {
        insert.run(digest, clientId, JSON.stringify(parameters), createdAt, expiresAt, takenAt, signed ? 1 : null)
      }),
    find: (digest) =>
      db.read(() => {
        const row = find.get(digest)
        return row === undefined ? undefined : requestFrom(row)
      }),
    take: (digest, at) => db.write(() => take(digest, at)),
  }
}
