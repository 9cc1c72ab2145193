import type { PageRequest } from '../../core/ports/page.ts'
import type { TokenFilter } from '../../core/ports/tokens.ts'
import type { Database, Query, Value } from './database.ts'

type TokenTable = 'access_tokens' | 'refresh_tokens'

/** Sorts after every base64url character. */
const afterAll = '~'

/** Finds a person's tokens by way of the authorizations, so that the tokens need no index of their own for it. */
const ofUser = (table: TokenTable): string =>
  `t.user_id = ? AND t.digest IN (
     SELECT digest FROM ${table} WHERE authorization_id IN (SELECT id FROM authorizations WHERE user_id = ?)
     ${table === 'access_tokens' ? `UNION ALL SELECT digest FROM ${table} WHERE authorization_id IS NULL AND user_id = ?` : ''})`

/**
 * Listings are for operators and rare: a statement is prepared per combination of filters when it is first asked for.
 * A filter by client alone reads through the table.
 */
export function tokenListing<Row>(db: Database, select: string, table: TokenTable) {
  const queries = new Map<string, Query<Row>>()

  const query = (where: string): Query<Row> => {
    const known = queries.get(where)
    if (known !== undefined) return known
    const made = db.prepare<Row>(`${select} WHERE ${where} ORDER BY t.digest LIMIT ?`)
    queries.set(where, made)
    return made
  }

  return ({ clientId, userId, digestPrefix }: TokenFilter, { after = '', limit }: PageRequest): Row[] => {
    const conditions = ['t.digest > ?']
    const values: Value[] = [after]
    if (digestPrefix !== undefined) {
      conditions.push('t.digest >= ? AND t.digest < ?')
      values.push(digestPrefix, digestPrefix + afterAll)
    }
    if (clientId !== undefined) {
      conditions.push('t.client_id = ?')
      values.push(clientId)
    }
    if (userId !== undefined) {
      conditions.push(ofUser(table))
      values.push(userId, userId)
      if (table === 'access_tokens') values.push(userId)
    }
    return query(conditions.join(' AND ')).all(...values, limit)
  }
}
