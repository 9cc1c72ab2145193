import type { Authorization } from '../core/model/authorization.ts'
import type { TokenDigest } from '../core/model/digest.ts'
import type { GrantFacts } from '../core/model/grant-facts.ts'
import type { AccessToken, RefreshToken } from '../core/model/token.ts'
import type { LedgerEntry } from '../core/ports/ledger.ts'
import { tokenTypeOf } from '../core/tokens/token-type.ts'
import { jsonIn, secondsIn } from './column.ts'
import type { TokenRow } from './host-tokens.ts'

type Issued = Pick<LedgerEntry, 'accessToken' | 'refreshToken'>

/** Each its own: what binds an access token to a key need not bind the refresh token (RFC 9449 §5). */
function factsOf(access: AccessToken | undefined, refresh: RefreshToken | undefined): string | null {
  const all = {
    ...(access?.facts !== undefined && { access: access.facts }),
    ...(refresh?.facts !== undefined && { refresh: refresh.facts }),
  }
  return Object.keys(all).length === 0 ? null : JSON.stringify(all)
}

function factsIn({ facts }: TokenRow, kind: 'access' | 'refresh'): { readonly facts?: GrantFacts } {
  const all = (jsonIn(facts) ?? {}) as Partial<Record<'access' | 'refresh', GrantFacts>>
  return all[kind] === undefined ? {} : { facts: all[kind] }
}

/** The row of what is issued together; undefined when nothing is. */
export function rowOf({ accessToken: access, refreshToken: refresh }: Issued): TokenRow | undefined {
  const token = access ?? refresh
  if (token === undefined) return undefined
  return {
    token_type: access === undefined ? 'Bearer' : tokenTypeOf(access),
    access_token: access?.digest ?? null,
    refresh_token: refresh?.digest ?? null,
    client_id: token.clientId,
    user_id: token.userId ?? null,
    scope: token.scope.join(' '),
    issued_at: token.issuedAt,
    expires_in: access?.expiresAt === undefined ? 0 : access.expiresAt - access.issuedAt,
    revoked: false,
    access_token_revoked_at: null,
    refresh_token_expires_at: refresh?.expiresAt ?? null,
    refresh_token_spent_at: null,
    successor: null,
    authorization_id: token.authorizationId ?? null,
    facts: factsOf(access, refresh),
  }
}

/** What both tokens of a row have. */
const shared = (row: TokenRow) => ({
  clientId: row.client_id,
  scope: row.scope.split(' ').filter(Boolean),
  issuedAt: secondsIn('issued_at', row.issued_at),
  ...(row.user_id != null && { userId: String(row.user_id) }),
})

/** The access token of a row. @throws TypeError for a time that cannot be read */
export function accessFrom(row: TokenRow): AccessToken {
  const own = shared(row)
  const lifetime = secondsIn('expires_in', row.expires_in)
  return {
    ...own,
    ...factsIn(row, 'access'),
    digest: row.access_token as TokenDigest,
    ...(lifetime > 0 && { expiresAt: own.issuedAt + lifetime }),
    ...(row.authorization_id != null && { authorizationId: row.authorization_id }),
    ...(row.access_token_revoked_at != null && {
      revokedAt: secondsIn('access_token_revoked_at', row.access_token_revoked_at),
    }),
  }
}

/**
 * The refresh token of a row. It may have more scope than the access token that came with it.
 * @throws TypeError for a time that cannot be read
 */
export const refreshFrom = (row: TokenRow, authorization: Authorization): RefreshToken => ({
  ...shared(row),
  ...factsIn(row, 'refresh'),
  scope: authorization.scope,
  digest: row.refresh_token as TokenDigest,
  authorizationId: authorization.id,
  expiresAt: secondsIn('refresh_token_expires_at', row.refresh_token_expires_at ?? 0),
  ...(row.refresh_token_spent_at != null && {
    spentAt: secondsIn('refresh_token_spent_at', row.refresh_token_spent_at),
  }),
  ...(row.successor != null && { successor: row.successor as TokenDigest }),
})
