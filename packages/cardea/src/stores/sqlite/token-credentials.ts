import type { TokenDigest } from '../../core/model/digest.ts'
import type { TokenCredentials } from '../../core/ports/token-credentials.ts'
import { exchangeMark } from '../exchange-mark.ts'
import { lastUse } from '../last-use.ts'
import type { Database } from './database.ts'
import { foundTokenCredential, selectTokenCredential, type TokenCredentialRow } from './token-credential-row.ts'
import { tokenListing } from './token-listing.ts'

interface UsageRow {
  readonly client_id: string
  readonly live: number
  readonly last_used_at: number | null
}

export function sqliteTokenCredentials(db: Database): TokenCredentials {
  const find = db.prepare<TokenCredentialRow>(`${selectTokenCredential} AND t.digest = ?`)
  const revoke = db.prepare('UPDATE token_credentials SET revoked_at = ? WHERE digest = ? AND revoked_at IS NULL')
  const unused = 'WHERE digest = ?1 AND coalesce(last_used_at, 0) < ?2'
  const isNews = db.prepare(`SELECT 1 FROM token_credentials ${unused}`)
  const touch = db.prepare(`UPDATE token_credentials SET last_used_at = ?2 ${unused}`)
  const reseal = db.prepare('UPDATE token_credentials SET sealed_secret = ? WHERE digest = ? AND sealed_secret = ?')
  const list = tokenListing<TokenCredentialRow>(db, selectTokenCredential)
  const usage = db.prepare<UsageRow>(
    `SELECT t.client_id, max(t.last_used_at) AS last_used_at,
       sum(t.revoked_at IS NULL AND a.revoked_at IS NULL AND coalesce(t.expires_at, ?1 + 1) > ?1 AND a.expires_at > ?1)
         AS live
     FROM token_credentials t JOIN authorizations a ON a.id = t.authorization_id
     GROUP BY t.client_id ORDER BY t.client_id`,
  )
  return {
    find: (digest) =>
      db.read(() => {
        const row = find.get(digest)
        return row === undefined ? undefined : foundTokenCredential(row)
      }),
    revoke: (digest, at) => db.write(() => revoke.run(at, digest).changes > 0),
    async touch(digest, at) {
      const used = lastUse(at)
      // A read costs microseconds, a write a flush of the disk, and nearly every use is within a remembered hour.
      if (!(await db.read(() => isNews.get(digest, used) !== undefined))) return
      await db.write(() => {
        touch.run(digest, used)
      })
    },
    reseal: (digest, from, to) => db.write(() => reseal.run(to, digest, from).changes > 0),
    list: (filter, page) => db.read(() => list(filter, page).map(foundTokenCredential)),
    usage: (at) =>
      db.read(() =>
        usage.all(at).map(({ client_id: clientId, live, last_used_at: lastUsedAt }) => ({
          clientId,
          live,
          ...(lastUsedAt !== null && { lastUsedAt }),
        })),
      ),
  }
}

/** Spends one for something else, to be run inside a write; returns whether that could be. */
export function exchanging(
  db: Database,
): (what: { readonly digest: TokenDigest; readonly ends: boolean }, at: number) => boolean {
  const live = `digest = ?1 AND token_credentials.revoked_at IS NULL
    AND EXISTS (SELECT 1 FROM authorizations a WHERE a.id = authorization_id AND a.revoked_at IS NULL)`
  const end = db.prepare(`UPDATE token_credentials SET revoked_at = ?2 WHERE ${live}`)
  const mark = db.prepare(
    `INSERT INTO replay_marks (key, until) SELECT ?2, ?3 FROM token_credentials WHERE ${live} ON CONFLICT (key) DO NOTHING`,
  )
  return ({ digest, ends }, at) => {
    if (ends) return end.run(digest, at).changes > 0
    const { key, until } = exchangeMark(digest)
    return mark.run(digest, key, until).changes > 0
  }
}
