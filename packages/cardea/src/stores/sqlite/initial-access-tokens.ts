import type { TokenDigest } from '../../core/model/digest.ts'
import type { InitialAccessToken } from '../../core/model/initial-access-token.ts'
import type { InitialAccessTokens } from '../../core/ports/initial-access-tokens.ts'
import type { Database } from './database.ts'
import type { Draft } from './row-values.ts'

interface InitialAccessTokenRow {
  readonly digest: TokenDigest
  readonly label: string
  readonly created_at: number
  readonly expires_at: number | null
  readonly uses_left: number | null
  readonly policy: string | null
}

function tokenFrom(row: InitialAccessTokenRow): InitialAccessToken {
  const token: Draft<InitialAccessToken> = { digest: row.digest, label: row.label, createdAt: row.created_at }
  if (row.expires_at !== null) token.expiresAt = row.expires_at
  if (row.uses_left !== null) token.usesLeft = row.uses_left
  if (row.policy !== null) token.policy = row.policy
  return token
}

export function sqliteInitialAccessTokens(db: Database): InitialAccessTokens {
  const find = db.prepare<InitialAccessTokenRow>('SELECT * FROM initial_access_tokens WHERE digest = ?')
  const all = db.prepare<InitialAccessTokenRow>(
    'SELECT * FROM initial_access_tokens WHERE uses_left IS NOT 0 ORDER BY created_at, digest',
  )
  const insert = db.prepare(
    `INSERT INTO initial_access_tokens (digest, label, created_at, expires_at, uses_left, policy)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const use = db.prepare(
    `UPDATE initial_access_tokens SET uses_left = uses_left - 1
     WHERE digest = ? AND uses_left IS NOT 0 AND (expires_at IS NULL OR expires_at > ?)`,
  )
  const remove = db.prepare('DELETE FROM initial_access_tokens WHERE digest = ?')
  return {
    save: ({ digest, label, createdAt, expiresAt = null, usesLeft = null, policy = null }) =>
      db.write(() => {
        insert.run(digest, label, createdAt, expiresAt, usesLeft, policy)
      }),
    all: () => db.read(() => all.all().map(tokenFrom)),
    find: (digest) =>
      db.read(() => {
        const row = find.get(digest)
        return row === undefined ? undefined : tokenFrom(row)
      }),
    use: (digest, at) => db.write(() => use.run(digest, at).changes > 0),
    delete: (digest) => db.write(() => remove.run(digest).changes > 0),
  }
}
