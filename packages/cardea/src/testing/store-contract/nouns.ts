import { digestOf } from '../../core/crypto/digest.ts'
import type { Authorization } from '../../core/model/authorization.ts'
import type { Client } from '../../core/model/client.ts'
import type { AuthorizationCode } from '../../core/model/code.ts'
import type { Interaction } from '../../core/model/interaction.ts'
import type { Session } from '../../core/model/session.ts'
import type { AccessToken, RefreshToken } from '../../core/model/token.ts'
import type { StoredUser } from '../../core/model/user.ts'
import type { Store } from '../../core/ports/store.ts'

/** Epoch seconds at which everything below is issued. */
export const start = 1_800_000_000

export const clientNamed = (id: string, more: Partial<Client> = {}): Client => ({
  client_id: id,
  client_name: `Client ${id}`,
  redirect_uris: ['https://client.example/cb'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_basic',
  application_type: 'web',
  client_id_issued_at: start,
  ...more,
})

export const userNamed = (id: string, more: Partial<StoredUser> = {}): StoredUser => ({
  id,
  username: `${id}@example.org`,
  created_at: start,
  ...more,
})

export const authorizationNamed = (id: string, more: Partial<Authorization> = {}): Authorization => ({
  id,
  clientId: 'client',
  userId: 'user',
  scope: ['read', 'write'],
  createdAt: start,
  expiresAt: start + 10_000,
  ...more,
})

export const codeNamed = (name: string, more: Partial<AuthorizationCode> = {}): AuthorizationCode => ({
  digest: digestOf(name),
  authorizationId: `of ${name}`,
  clientId: 'client',
  userId: 'user',
  scope: ['read'],
  redirectUri: 'https://client.example/cb',
  redirectUriSent: true,
  authTime: start,
  issuedAt: start,
  expiresAt: start + 60,
  ...more,
})

export const accessNamed = (name: string, more: Partial<AccessToken> = {}): AccessToken => ({
  digest: digestOf(name),
  clientId: 'client',
  scope: ['read'],
  issuedAt: start,
  expiresAt: start + 3600,
  ...more,
})

export const refreshNamed = (name: string, family: string, more: Partial<RefreshToken> = {}): RefreshToken => ({
  digest: digestOf(name),
  authorizationId: family,
  clientId: 'client',
  userId: 'user',
  scope: ['read', 'write'],
  issuedAt: start,
  expiresAt: start + 5000,
  ...more,
})

export const interactionNamed = (id: string, more: Partial<Interaction> = {}): Interaction => ({
  id,
  browser: digestOf('browser'),
  protocol: 'oauth2',
  clientId: 'client',
  scope: ['read'],
  redirectUri: 'https://client.example/cb',
  freshSignIn: false,
  askConsent: true,
  request: { state: 'a "quoted" state', nonce: '' },
  createdAt: start,
  expiresAt: start + 600,
  ...more,
})

export const sessionNamed = (name: string, more: Partial<Session> = {}): Session => ({
  digest: digestOf(name),
  userId: 'user',
  authTime: start,
  expiresAt: start + 8000,
  ...more,
})

/** An authorization `family` with the tokens `<family> access` and `<family> refresh` under it. */
export async function saveFamily(store: Store, family: string, more: Partial<Authorization> = {}): Promise<void> {
  const authorization = authorizationNamed(family, more)
  const { clientId, userId } = authorization
  const owner = userId === undefined ? { clientId } : { clientId, userId }
  await store.ledger.commit({
    at: start,
    authorization,
    accessToken: accessNamed(`${family} access`, { authorizationId: family, ...owner }),
    refreshToken: refreshNamed(`${family} refresh`, family, owner),
  })
}

export async function saveCode(store: Store, name: string, more: Partial<AuthorizationCode> = {}): Promise<void> {
  await store.ledger.commit({ at: start, code: codeNamed(name, more) })
}

/** Whether the token can be found and neither it nor its authorization was revoked. */
export async function isLiveAccess(store: Store, name: string): Promise<boolean> {
  const found = await store.tokens.findAccess(digestOf(name))
  return found !== undefined && !found.revoked
}

/** Whether the token can be found unspent under an authorization that stands. */
export async function isLiveRefresh(store: Store, name: string): Promise<boolean> {
  const found = await store.tokens.findRefresh(digestOf(name))
  return found !== undefined && found.token.spentAt === undefined && found.authorization.revokedAt === undefined
}
