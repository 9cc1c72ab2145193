import { digestOf } from '../crypto/digest.ts'
import { defaultMaxBytes, type JwtClaims } from '../crypto/jose/jwt-policy.ts'
import { JwtRefused } from '../crypto/jose/jwt-refused.ts'
import type { JwtToSign } from '../crypto/jose/sign-jwt.ts'
import { verifyJwt } from '../crypto/jose/verify-jwt.ts'
import { randomText } from '../crypto/random.ts'
import type { TokenDigest } from '../model/digest.ts'
import type { AccessToken } from '../model/token.ts'
import type { Engine } from '../ports/engine.ts'
import { invalidRequest } from '../spec/errors.ts'
import { factClaims } from './fact-claims.ts'

/** RFC 8725bis §3.11: what is signed as something else is no access token. */
const typ = 'at+jwt'

/** Claims that only the engine writes (RFC 9068 §2.2, RFC 7519 §4.1, RFC 7662 §2.2, RFC 8693 §4, RFC 9396 §9.1). */
const own = [
  ...['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'nbf', 'jti', 'scope', 'auth_time', 'acr', 'amr'],
  ...['cnf', 'act', 'may_act', 'authorization_details', 'active', 'username', 'token_type'],
]

/** @throws TypeError when one would replace a registered claim */
export function claimsMustBeFree(where: string, claims: Readonly<Record<string, unknown>>): void {
  const taken = Object.keys(claims).find((name) => own.includes(name))
  if (taken !== undefined) throw new TypeError(`${where}: the claim ${taken} is the server's own`)
}

/** RFC 9068 §2.2: opaque, of 128 bits. */
export const newTokenId = (): string => randomText(16)

/**
 * What a JWT access token is kept by. Whoever reads it knows its `jti`, which must therefore find nothing by itself: no
 * text that can be presented has a blank.
 */
export const digestOfTokenId = (jti: string): TokenDigest => digestOf(`jti ${jti}`)

/** RFC 9068 §2.2: what a token says by itself of what is stored. */
function claimsOf({ settings }: Pick<Engine, 'settings'>, token: AccessToken, jti: string): JwtClaims {
  const { clientId, expiresAt, facts, issuedAt, scope, userId } = token
  const claims: Record<string, unknown> = factClaims(facts)
  claims.iss = settings.issuer
  // RFC 9068 §3: a default where the request named nothing.
  claims.aud ??= settings.issuer
  claims.sub = userId ?? facts?.subject ?? clientId
  claims.client_id = clientId
  if (expiresAt !== undefined) claims.exp = expiresAt
  claims.iat = issuedAt
  claims.jti = jti
  if (scope.length > 0) claims.scope = scope.join(' ')
  return claims
}

/** RFC 9068 §2: the token itself before it is signed, with `more` claims. */
export function jwtToSign(
  engine: Pick<Engine, 'settings'>,
  token: AccessToken,
  jti: string,
  more: Readonly<Record<string, unknown>> | undefined,
): JwtToSign {
  const claims = claimsOf(engine, token, jti)
  return { typ, claims: more === undefined ? claims : { ...more, ...claims } }
}

/** @throws ProtocolError `invalid_request` for one that would be too long to be taken anywhere, ourselves included */
export function mustBeOfUse(jwt: string): void {
  if (jwt.length > defaultMaxBytes)
    throw invalidRequest('access_token_too_long', 'An access token for all this would be too long; ask for less')
}

/** Whether a signed token says what is stored of it, no more and no less. */
export function agrees(engine: Pick<Engine, 'settings'>, token: AccessToken, claims: JwtClaims): boolean {
  const stored = claimsOf(engine, token, String(claims.jti))
  return own.every((name) => JSON.stringify(claims[name]) === JSON.stringify(stored[name]))
}

/** A token that this server signed. Whether it still holds, its row says. */
export interface PresentedJwt {
  readonly digest: TokenDigest
  readonly claims: JwtClaims
}

const isJwt = (text: string): boolean => text.startsWith('eyJ') && text.includes('.')

/** Undefined for what this server has not signed as an access token: no row is looked for then. */
export function presentedJwt(
  { clock, keys, settings }: Engine,
  presented: string,
): undefined | Promise<PresentedJwt | undefined> {
  if (!isJwt(presented)) return undefined
  const policy = {
    keys: keys.verification,
    algorithms: settings.serverAlgorithms,
    typ: [typ],
    issuer: settings.issuer,
    audience: null,
    required: ['exp', 'aud', 'sub', 'client_id', 'iat', 'jti'],
    clock,
  }
  return verifyJwt(presented, policy).then(
    ({ claims }) => ({ digest: digestOfTokenId(claims.jti as string), claims }),
    (error: unknown) => {
      if (error instanceof JwtRefused) return undefined
      throw error
    },
  )
}
