import type { PageRequest } from '../../core/ports/page.ts'
import type { TokenFilter } from '../../core/ports/tokens.ts'
import type { Database, Query, Value } from './database.ts'

/** Sorts after every base64url character. */
const afterAll = '~'

/**
 * Listings are for operators and rare: a statement is prepared per combination of filters when it is first asked for.
 * Filters by client and user read through the table, in the order of its key.
 */
export function tokenListing<Row>(db: Database, select: string) {
  const queries = new Map<string, Query<Row>>()

  const query = (condition: string): Query<Row> => {
    const known = queries.get(condition)
    if (known !== undefined) return known
    const made = db.prepare<Row>(`${select} AND ${condition} ORDER BY t.digest LIMIT ?`)
    queries.set(condition, made)
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
      conditions.push('t.user_id = ?')
      values.push(userId)
    }
    return query(conditions.join(' AND ')).all(...values, limit)
  }
}
