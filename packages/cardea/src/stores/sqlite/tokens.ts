import type { Tokens } from '../../core/ports/tokens.ts'
import type { Database } from './database.ts'
import { tokenListing } from './token-listing.ts'
import {
  type AccessRow,
  foundAccess,
  foundRefresh,
  type RefreshRow,
  selectAccess,
  selectRefresh,
} from './token-rows.ts'

export function sqliteTokens(db: Database): Tokens {
  const findAccess = db.prepare<AccessRow>(`${selectAccess} AND t.digest = ?`)
  const findRefresh = db.prepare<RefreshRow>(`${selectRefresh} AND t.digest = ?`)
  const revokeAccess = db.prepare('UPDATE access_tokens SET revoked_at = ? WHERE digest = ? AND revoked_at IS NULL')
  const listAccess = tokenListing<AccessRow>(db, selectAccess)
  const listRefresh = tokenListing<RefreshRow>(db, selectRefresh)
  return {
    findAccess: (digest) =>
      db.read(() => {
        const row = findAccess.get(digest)
        return row === undefined ? undefined : foundAccess(row)
      }),
    findRefresh: (digest) =>
      db.read(() => {
        const row = findRefresh.get(digest)
        return row === undefined ? undefined : foundRefresh(row)
      }),
    revokeAccess: (digest, at) => db.write(() => revokeAccess.run(at, digest).changes > 0),
    listAccess: (filter, page) => db.read(() => listAccess(filter, page).map(foundAccess)),
    listRefresh: (filter, page) => db.read(() => listRefresh(filter, page).map(foundRefresh)),
  }
}
