import type { JwtClaims } from '../crypto/jose/jwt-policy.ts'
import type { Client } from '../model/client.ts'
import type { AccessToken, RefreshToken } from '../model/token.ts'
import type { Engine } from '../ports/engine.ts'
import { agrees } from './jwt-access-token.ts'
import { type PresentedAccessToken, presentedAccessToken, presentedDigest } from './token-texts.ts'
import { generationIn, unkeptToken } from './unkept-token.ts'

export interface ActiveAccessToken {
  readonly token: AccessToken
  readonly client: Client
  /** Of a JWT. */
  readonly claims?: JwtClaims
}

/** Fails closed: a token whose client or user is gone or disabled is not active, whatever its own row says. */
async function clientAndUserStand(engine: Engine, token: AccessToken | RefreshToken): Promise<Client | undefined> {
  const client = await engine.store.clients.find(token.clientId)
  if (client === undefined || client.disabled) return undefined
  // In our own store, disabling or deleting a user revokes what they have; a host's accounts must be asked.
  if (token.userId !== undefined && !engine.accounts.inStore && !(await engine.accounts.find(token.userId)))
    return undefined
  return client
}

/** Its record, where neither it nor what it came from was revoked. */
async function standing(engine: Engine, { claims, digest }: PresentedAccessToken): Promise<AccessToken | undefined> {
  if (claims !== undefined && generationIn(claims) !== undefined) return unkeptToken(engine, { claims, digest })
  const found = await engine.store.tokens.findAccess(digest)
  if (found === undefined || found.revoked) return undefined
  return claims === undefined || agrees(engine, found.token, claims) ? found.token : undefined
}

/** The access token if it is valid now. Whole and case-exact: a cut or padded value is another value. */
export async function activeAccessToken(engine: Engine, presented: string): Promise<ActiveAccessToken | undefined> {
  const reading = presentedAccessToken(engine, presented)
  const read = reading instanceof Promise ? await reading : reading
  if (read === undefined) return undefined
  const token = await standing(engine, read)
  if (token === undefined) return undefined
  if (token.expiresAt !== undefined && engine.clock.now() >= token.expiresAt) return undefined
  const client = await clientAndUserStand(engine, token)
  return client === undefined ? undefined : { token, client, ...(read.claims !== undefined && { claims: read.claims }) }
}

export interface ActiveRefreshToken {
  readonly token: RefreshToken
  readonly client: Client
}

/** The refresh token if it could be redeemed now. */
export async function activeRefreshToken(engine: Engine, presented: string): Promise<ActiveRefreshToken | undefined> {
  const digest = presentedDigest(engine, 'refresh', presented)
  if (digest === undefined) return undefined
  const found = await engine.store.tokens.findRefresh(digest)
  if (found === undefined) return undefined
  const { token, authorization } = found
  const now = engine.clock.now()
  if (token.spentAt !== undefined || authorization.revokedAt !== undefined) return undefined
  if (now >= token.expiresAt || now >= authorization.expiresAt) return undefined
  const client = await clientAndUserStand(engine, token)
  return client === undefined ? undefined : { token, client }
}
