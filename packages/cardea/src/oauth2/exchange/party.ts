import { JwtRefused } from '../../core/crypto/jose/jwt-refused.ts'
import { jwtIn, type UnverifiedJwt, verifyJwt } from '../../core/crypto/jose/verify-jwt.ts'
import type { AccessToken, RefreshToken } from '../../core/model/token.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { invalidRequest } from '../../core/spec/errors.ts'
import { activeAccessToken, activeRefreshToken } from '../../core/tokens/lookup.ts'
import { foreignSubject, policyOf } from '../assertions/foreign-token.ts'
import type { KnownIssuer } from '../assertions/trusted-issuer.ts'
import type { TokenRequest } from '../token/grant.ts'
import { accessTokenType, jwtType, refreshTokenType } from '../token/token-exchange-names.ts'
import type { ClaimedActors } from './actors.ts'
import type { ExchangeParty } from './exchange-options.ts'

/** A party with what the engine needs to know of it besides. */
export interface FoundParty extends ExchangeParty, ClaimedActors {
  /** Of our own tokens; absent for machine tokens. */
  readonly authorizationId?: string
}

export interface PartySources {
  readonly issuers: ReadonlyMap<string, KnownIssuer>
  readonly tokenUrls: readonly string[]
}

/** RFC 8693 §2.2.2: one error for every token that is not taken. */
const unacceptable = (name: string, reason: string, cause?: unknown) =>
  invalidRequest(reason, `The ${name} is not acceptable`, { cause })

function ownParty({ settings }: Engine, tokenType: string, token: AccessToken | RefreshToken): FoundParty {
  const { authorizationId, clientId, expiresAt, facts, scope, userId } = token
  return {
    tokenType,
    issuer: settings.issuer,
    sub: userId ?? facts?.subject ?? clientId,
    clientId,
    scope,
    ...(userId !== undefined && { userId }),
    ...(facts !== undefined && { facts }),
    ...(facts?.actor !== undefined && { actor: facts.actor }),
    ...(facts?.mayAct !== undefined && { mayAct: facts.mayAct }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(authorizationId !== undefined && { authorizationId }),
  }
}

async function foreignParty(
  { client, engine }: TokenRequest,
  name: string,
  tokenType: string,
  jwt: UnverifiedJwt,
  { issuers, tokenUrls }: PartySources,
): Promise<FoundParty> {
  try {
    const issuer = issuers.get(jwt.claims.iss ?? '')
    if (issuer === undefined) throw new JwtRefused('wrong_issuer')
    const { clock } = engine
    const policy = policyOf(engine, issuer, tokenUrls)
    const { claims } = await verifyJwt(jwt, { ...policy, required: [...policy.required, 'exp'], clock })
    const subject = await foreignSubject(engine, client, issuer, claims)
    const { exp } = claims
    return {
      tokenType,
      issuer: issuer.issuer,
      sub: subject.userId,
      claims,
      ...subject,
      ...(exp !== undefined && { expiresAt: exp }),
    }
  } catch (error) {
    if (error instanceof JwtRefused) throw unacceptable(name, `${name}_${error.problem}`, error)
    throw error
  }
}

async function refreshParty({ client, engine }: TokenRequest, name: string, text: string): Promise<FoundParty> {
  const found = await activeRefreshToken(engine, text)
  // Whoever else holds it has found or stolen it.
  if (found === undefined || found.token.clientId !== client.client_id) throw unacceptable(name, `${name}_not_active`)
  // The end of a refresh token is renewed by using it; what comes of it ends with the authorization.
  const { expiresAt: _, ...token } = found.token
  return ownParty(engine, refreshTokenType, token as RefreshToken)
}

/**
 * Whom a token stands for: one of ours, which must be valid now, or a JWT of a trusted issuer.
 * @throws ProtocolError `invalid_request` (RFC 8693 §2.2.2)
 */
export async function partyOf(
  request: TokenRequest,
  name: 'subject_token' | 'actor_token',
  text: string,
  tokenType: string,
  sources: PartySources,
): Promise<FoundParty> {
  if (tokenType === refreshTokenType && name === 'subject_token') return refreshParty(request, name, text)
  if (tokenType !== accessTokenType && tokenType !== jwtType)
    throw invalidRequest(`unsupported_${name}_type`, `This ${name}_type is not supported`)
  // One that cannot be read may be a token of the host's own text, which may have dots too.
  const jwt = jwtIn(text)
  const isForeign = jwt !== undefined && jwt.claims.iss !== request.engine.settings.issuer
  if (isForeign) return foreignParty(request, name, tokenType, jwt, sources)
  if (tokenType === jwtType && jwt === undefined) throw unacceptable(name, `${name}_malformed`)
  const found = await activeAccessToken(request.engine, text)
  if (found === undefined) throw unacceptable(name, `${name}_not_active`)
  return ownParty(request.engine, tokenType, found.token)
}
