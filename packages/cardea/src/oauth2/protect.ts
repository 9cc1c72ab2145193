import type { AccessToken } from '../core/model/token.ts'
import type { Engine } from '../core/ports/engine.ts'
import { covers, isScopeName } from '../core/rules/scope.ts'
import { insufficientScope, invalidToken, type ProtocolError } from '../core/spec/errors.ts'
import { activeAccessToken } from '../core/tokens/lookup.ts'
import type { HttpRequest } from '../http/request.ts'
import { type HttpResponse, json } from '../http/response.ts'
import { bearerTokenOf } from './bearer-token.ts'

/** What a protected handler learns of the token it was called with. */
export interface TokenInfo {
  /** How the request was authorized: a bearer token, or a signature of OAuth 1. */
  readonly scheme: 'Bearer' | 'OAuth'
  /** `client_id` of whom the token was issued to. */
  readonly clientId: string
  /** Absent for a machine token. */
  readonly userId?: string
  /** What it is good for. */
  readonly scope: readonly string[]
  /** Epoch seconds; absent: does not expire. */
  readonly expiresAt?: number
  /** The family it belongs to; absent where there is none to know. */
  readonly authorizationId?: string
}

/**
 * Scope a handler needs: names in one string are all needed (`'a b'`), entries of a list are alternatives
 * (`['a', 'b']`), nothing accepts any valid token. Names are compared whole: `fo` is not part of `foo`.
 */
export type ScopeNeed = string | readonly string[] | undefined

/** A need that asks for nothing by mistake (an empty list, an empty name) must not let every token in. */
function alternativesOf(need: ScopeNeed): readonly (readonly string[])[] {
  if (need === undefined) return []
  const alternatives = (typeof need === 'string' ? [need] : need).map((names) => names.split(' ').filter(Boolean))
  const isSound = alternatives.length > 0 && alternatives.every((names) => names.length > 0 && names.every(isScopeName))
  if (isSound) return alternatives
  throw new TypeError(
    `requireOAuth: needs scope names such as 'read write', or undefined for any token, got ${JSON.stringify(need)}`,
  )
}

const infoFrom = (token: AccessToken): TokenInfo => ({
  scheme: 'Bearer',
  clientId: token.clientId,
  scope: token.scope,
  ...(token.userId !== undefined && { userId: token.userId }),
  ...(token.expiresAt !== undefined && { expiresAt: token.expiresAt }),
  ...(token.authorizationId !== undefined && { authorizationId: token.authorizationId }),
})

/** Checks the token of a request to a protected resource. */
export type Protector = (request: HttpRequest) => Promise<TokenInfo>

/** No credentials at all: RFC 6750 §3.1 says to name no error code then. */
export class MissingToken extends Error {}

/**
 * RFC 6750 §2.1 and §3.1.
 * @throws MissingToken when the request holds no Bearer credentials
 * @throws ProtocolError `invalid_token` (401), `insufficient_scope` (403) or `invalid_request` (400)
 * @throws TypeError at once, for a need that names no scope
 */
export function protectorFor(engine: Engine, need: ScopeNeed): Protector {
  const alternatives = alternativesOf(need)
  const wanted = alternatives.map((names) => names.join(' ')).join(' ')
  return async (request) => {
    const presented = await bearerTokenOf(request, engine.settings.compatibility)
    if (presented === undefined) throw new MissingToken('no bearer token')
    const active = await activeAccessToken(engine, presented)
    if (active === undefined)
      throw invalidToken('access_token_not_active', 'The access token provided is invalid or has expired')
    if (alternatives.length > 0 && !alternatives.some((names) => covers(active.token.scope, names))) {
      throw insufficientScope(
        'insufficient_scope',
        'The request requires higher privileges than provided by the access token',
        { scope: wanted },
      )
    }
    return infoFrom(active.token)
  }
}

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '')}"`

const unavailable = (error: ProtocolError): HttpResponse =>
  json(error.status, error, error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) })

/** RFC 6750 §3: the challenge, with the error as separate attributes and, for 403, the scope that is needed. */
export function challengeFrom(error: ProtocolError | MissingToken, realm: string): HttpResponse {
  if (error instanceof MissingToken) {
    return json(
      401,
      { error: 'invalid_token', error_description: 'The access token is required' },
      { 'www-authenticate': `Bearer realm=${quoted(realm)}` },
    )
  }
  const attributes = [`realm=${quoted(realm)}`, `error=${quoted(error.code)}`]
  if (error.description !== undefined) attributes.push(`error_description=${quoted(error.description)}`)
  if (error.scope !== undefined) attributes.push(`scope=${quoted(error.scope)}`)
  if (error.status >= 500 || error.status === 429) return unavailable(error)
  return json(error.status, error, { 'www-authenticate': `Bearer ${attributes.join(', ')}` })
}
