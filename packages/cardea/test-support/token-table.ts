import type { HostTokens, TokenRow } from '../src/index.ts'

type Kind = 'access_token' | 'refresh_token'

/** A host's table of tokens as plain objects: each verb is one step, as a transaction would make it. */
export function tokenTable(): HostTokens & { readonly rows: TokenRow[] } {
  const rows: TokenRow[] = []
  const at = (kind: Kind, digest: string): number => rows.findIndex((row) => row[kind] === digest)
  const change = (index: number, members: Partial<TokenRow>): void => {
    rows[index] = { ...(rows[index] as TokenRow), ...members }
  }
  const mustBeNew = (row: TokenRow): void => {
    for (const kind of ['access_token', 'refresh_token'] as const) {
      const digest = row[kind]
      if (digest !== null && at(kind, digest) !== -1) throw new Error(`${kind} is there already`)
    }
  }
  return {
    rows,
    findByAccessToken: async (digest) => rows[at('access_token', digest)],
    findByRefreshToken: async (digest) => rows[at('refresh_token', digest)],
    async insert(row) {
      mustBeNew(row)
      rows.push(row)
    },
    async rotate({ refresh_token, successor, at: time, end_access_tokens }, row) {
      const index = at('refresh_token', refresh_token)
      const old = rows[index]
      if (old === undefined || old.revoked || old.refresh_token_spent_at !== null) return false
      mustBeNew(row)
      change(index, { refresh_token_spent_at: time, successor })
      if (end_access_tokens) {
        for (const [each, { authorization_id }] of rows.entries())
          if (authorization_id === old.authorization_id) change(each, { access_token_revoked_at: time })
      }
      rows.push(row)
      return true
    },
    async revokeAccessToken(digest, time) {
      const index = at('access_token', digest)
      if (rows[index] === undefined || rows[index].access_token_revoked_at !== null) return false
      change(index, { access_token_revoked_at: time })
      return true
    },
    async revoke(filter) {
      const members = Object.entries(filter) as [keyof TokenRow, string][]
      for (const [each, row] of rows.entries())
        if (members.every(([name, value]) => row[name] === value)) change(each, { revoked: 1 })
    },
    async sweep(time, limit) {
      const isOver = ({ issued_at, expires_in, refresh_token_expires_at }: TokenRow): boolean =>
        (expires_in === 0 ? refresh_token_expires_at !== null : issued_at + expires_in < time) &&
        (refresh_token_expires_at ?? 0) < time
      const over = rows.filter(isOver).slice(0, limit)
      for (const row of over) rows.splice(rows.indexOf(row), 1)
      return over.length
    },
    async list(kind, { clientId, userId, digestPrefix = '' }, { after = '', limit }) {
      const digestOf = (row: TokenRow): string => row[`${kind}_token`] ?? ''
      return rows
        .filter(
          (row) => row[`${kind}_token`] !== null && digestOf(row) > after && digestOf(row).startsWith(digestPrefix),
        )
        .filter((row) => clientId === undefined || row.client_id === clientId)
        .filter((row) => userId === undefined || row.user_id === userId)
        .sort((a, b) => (digestOf(a) < digestOf(b) ? -1 : 1))
        .slice(0, limit)
    },
  }
}
