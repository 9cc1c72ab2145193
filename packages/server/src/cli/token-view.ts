import { type Store, tokenReference } from 'cardea'
import { everyPage } from './every-page.ts'
import type { FoundAccessToken, FoundRefreshToken, FoundTokenCredential, TokenFilter } from './token-ending.ts'

type State = 'live' | 'expired' | 'used' | 'revoked'

/** A token as it may be shown. */
export interface TokenView {
  readonly reference: number
  readonly kind: 'access' | 'refresh' | 'oauth1'
  readonly state: State
  readonly client: string
  /** Name the user signs in by, or their id where they are not stored here. */
  readonly user: string | null
  readonly scope: readonly string[]
  readonly issued_at: number
  readonly expires_at: number | null
  /** Of token credentials of OAuth 1, to the hour. */
  readonly last_used_at?: number | null
}

const accessState = ({ token, revoked }: FoundAccessToken, now: number): State => {
  if (revoked) return 'revoked'
  return token.expiresAt !== undefined && token.expiresAt <= now ? 'expired' : 'live'
}

const refreshState = ({ token, authorization }: FoundRefreshToken, now: number): State => {
  if (authorization.revokedAt !== undefined) return 'revoked'
  if (token.expiresAt <= now || authorization.expiresAt <= now) return 'expired'
  return token.spentAt === undefined ? 'live' : 'used'
}

function viewOf({ token }: FoundAccessToken | FoundRefreshToken, kind: TokenView['kind'], state: State): TokenView {
  return {
    reference: tokenReference(token.digest),
    kind,
    state,
    client: token.clientId,
    user: token.userId ?? null,
    scope: token.scope,
    issued_at: token.issuedAt,
    expires_at: token.expiresAt ?? null,
  }
}

function credentialView({ credential, revoked }: FoundTokenCredential, now: number): TokenView {
  const { digest, clientId, userId, scope, issuedAt, expiresAt, lastUsedAt } = credential
  const isOver = expiresAt !== undefined && expiresAt <= now
  return {
    reference: tokenReference(digest),
    kind: 'oauth1',
    state: revoked ? 'revoked' : isOver ? 'expired' : 'live',
    client: clientId,
    user: userId,
    scope,
    issued_at: issuedAt,
    expires_at: expiresAt ?? null,
    last_used_at: lastUsedAt ?? null,
  }
}

/** Every token the filter leaves, those of OAuth 1 last. */
export async function* viewsOf(store: Store, filter: TokenFilter, now: number): AsyncGenerator<TokenView> {
  for await (const found of everyPage(
    (page) => store.tokens.listAccess(filter, page),
    ({ token }) => token.digest,
  )) {
    yield viewOf(found, 'access', accessState(found, now))
  }
  for await (const found of everyPage(
    (page) => store.tokens.listRefresh(filter, page),
    ({ token }) => token.digest,
  )) {
    yield viewOf(found, 'refresh', refreshState(found, now))
  }
  for await (const found of everyPage(
    (page) => store.tokenCredentials.list(filter, page),
    ({ credential }) => credential.digest,
  )) {
    yield credentialView(found, now)
  }
}
