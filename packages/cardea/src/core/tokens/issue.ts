import { digestOf } from '../crypto/digest.ts'
import { mintToken } from '../crypto/token-text.ts'
import type { Authorization, Consent } from '../model/authorization.ts'
import type { Client } from '../model/client.ts'
import type { AccessToken, RefreshToken } from '../model/token.ts'
import type { Engine } from '../ports/engine.ts'
import type { Spend } from '../ports/ledger.ts'
import { newAuthorizationId } from './authorization-id.ts'
import { requirements } from './requirements.ts'

/** Year 9999: the end of an authorization whose access tokens do not expire. */
const neverEnds = 253402300799

/** Tokens as the client gets them, once, with the records that were saved. */
export interface IssuedTokens {
  readonly accessToken: string
  readonly access: AccessToken
  readonly refreshToken?: string
}

export interface Issuance {
  readonly client: Client
  readonly scope: readonly string[]
  readonly userId?: string
  readonly sessionId?: string
  /** Also issue a refresh token. */
  readonly refresh: boolean
  /** Id for the new authorization; fresh when absent. */
  readonly authorizationId?: string
  readonly spend?: Spend
  readonly consent?: Consent
}

export type IssueOutcome =
  | { readonly outcome: 'done'; readonly issued: IssuedTokens }
  | { readonly outcome: 'spent' }
  | { readonly outcome: 'revoked' }

function accessTokenFor(
  engine: Engine,
  issuance: Pick<Issuance, 'client' | 'scope' | 'userId'>,
  text: string,
  now: number,
  authorization: Authorization | undefined,
): AccessToken {
  const lifetime = engine.settings.lifetimes.accessToken
  const wanted = lifetime === 0 ? neverEnds : now + lifetime
  const end = authorization === undefined ? wanted : Math.min(wanted, authorization.expiresAt)
  return {
    digest: digestOf(text),
    clientId: issuance.client.client_id,
    scope: issuance.scope,
    issuedAt: now,
    ...(end < neverEnds && { expiresAt: end }),
    ...(issuance.userId !== undefined && { userId: issuance.userId }),
    ...(authorization !== undefined && { authorizationId: authorization.id }),
  }
}

function authorizationFor(engine: Engine, issuance: Issuance, now: number): Authorization {
  const { accessToken, authorization } = engine.settings.lifetimes
  const end =
    accessToken === 0 ? neverEnds : now + (issuance.refresh ? Math.max(authorization, accessToken) : accessToken)
  return {
    id: issuance.authorizationId ?? newAuthorizationId(),
    clientId: issuance.client.client_id,
    scope: issuance.scope,
    createdAt: now,
    expiresAt: end,
    ...(issuance.userId !== undefined && { userId: issuance.userId }),
    ...(issuance.sessionId !== undefined && { sessionId: issuance.sessionId }),
  }
}

/** The refresh token record: idle lifetime, never beyond the family's end. */
export function refreshTokenFor(engine: Engine, text: string, authorization: Authorization, now: number): RefreshToken {
  return {
    digest: digestOf(text),
    authorizationId: authorization.id,
    clientId: authorization.clientId,
    scope: authorization.scope,
    issuedAt: now,
    expiresAt: Math.min(now + engine.settings.lifetimes.refreshToken, authorization.expiresAt),
    ...(authorization.userId !== undefined && { userId: authorization.userId }),
  }
}

/**
 * Mints, then makes the one commit: what is spent together with the new authorization and its tokens.
 * A machine token without refresh token needs no authorization: it is its own family.
 */
export async function issueTokens(engine: Engine, issuance: Issuance): Promise<IssueOutcome> {
  const now = engine.clock.now()
  const family = issuance.userId !== undefined || issuance.refresh ? authorizationFor(engine, issuance, now) : undefined
  const accessToken = mintToken('access')
  const access = accessTokenFor(engine, issuance, accessToken, now, family)
  const refreshToken = issuance.refresh ? mintToken('refresh') : undefined
  const outcome = await engine.store.ledger.commit({
    at: now,
    accessToken: access,
    ...requirements(engine, issuance.client.client_id, issuance.userId),
    ...(issuance.spend !== undefined && { spend: issuance.spend }),
    ...(issuance.consent !== undefined && { consent: issuance.consent }),
    ...(family !== undefined && { authorization: family }),
    ...(refreshToken !== undefined &&
      family !== undefined && { refreshToken: refreshTokenFor(engine, refreshToken, family, now) }),
  })
  if (outcome !== 'done') return { outcome }
  return {
    outcome,
    issued: refreshToken === undefined ? { accessToken, access } : { accessToken, access, refreshToken },
  }
}

export interface Renewal {
  readonly client: Client
  readonly authorization: Authorization
  readonly scope: readonly string[]
  /** The rotation, where there is one. */
  readonly spend?: Spend
  readonly successor?: string
}

/** A new access token under an existing authorization, and the successor of the refresh token it was bought with. */
export async function renewTokens(engine: Engine, renewal: Renewal): Promise<IssueOutcome> {
  const { authorization, client, scope, spend, successor } = renewal
  const now = engine.clock.now()
  const accessToken = mintToken('access')
  const userId = authorization.userId
  const access = accessTokenFor(
    engine,
    userId === undefined ? { client, scope } : { client, scope, userId },
    accessToken,
    now,
    authorization,
  )
  const outcome = await engine.store.ledger.commit({
    at: now,
    under: authorization.id,
    accessToken: access,
    ...requirements(engine, client.client_id, userId),
    ...(spend !== undefined && { spend }),
    ...(spend !== undefined &&
      successor !== undefined && { refreshToken: refreshTokenFor(engine, successor, authorization, now) }),
  })
  if (outcome !== 'done') return { outcome }
  return {
    outcome,
    issued: successor === undefined ? { accessToken, access } : { accessToken, access, refreshToken: successor },
  }
}
