import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import {
  type AdapterOptions,
  copyFrom,
  defaultMaxBodyBytes,
  infoOf,
  requestFrom,
  responseFrom,
} from './fetch-request.ts'
import { withHeaders } from './guarded-fetch.ts'
import type { Guard } from './guarded-node.ts'
import { answerOf, isAnswer } from './oauth-answer.ts'
import {
  type KnownNeed,
  optionalTokenGuard,
  type Protects,
  type ScopeNeed,
  type TokenInfo,
  tokenGuard,
} from './protection.ts'
import type { Answering } from './served.ts'

export type { AdapterOptions } from './fetch-request.ts'
export type { ScopeNeed, TokenInfo } from './protection.ts'
export type { Answering, Served } from './served.ts'

/** Next.js loads routes while it builds, where secrets and databases may be out of reach: a function is called later. */
export type GivenProvider = Given<Answering>

/** Something, or a function that gives it when it is first needed. */
export type Given<Value> = Value | (() => Value | Promise<Value>)

const valueNow = async <Value extends object>(given: Given<Value>): Promise<Value> =>
  typeof given === 'function' ? given() : given

/** What a `route.ts` of the App Router exports for a method. */
export type RouteHandler = (request: Request) => Promise<Response>

/** What a `route.ts` of the App Router exports. */
export type RouteHandlers = Readonly<
  Record<'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS', RouteHandler>
>

/** What a protected handler finds beside `params`. */
export interface Protected<Token extends TokenInfo<unknown> = TokenInfo> {
  /** What the token of this request allows, and whose it is. */
  readonly oauth: Token
}

/**
 * Serves a provider from a catch-all route of the App Router: every endpoint, the metadata, the pages. The same export
 * in `app/.well-known/oauth-authorization-server/[[...issuer]]/route.ts` puts the metadata at its well-known path.
 */
export function mount(provider: GivenProvider, options: AdapterOptions = {}): RouteHandlers {
  const { maxBodyBytes = defaultMaxBodyBytes } = options
  const handle: RouteHandler = async (request) => {
    const { handle: answer } = await valueNow(provider)
    return responseFrom(await answer(requestFrom(request, infoOf(request, options), maxBodyBytes)), request.method)
  }
  return {
    GET: handle,
    HEAD: handle,
    POST: handle,
    PUT: handle,
    PATCH: handle,
    DELETE: handle,
    OPTIONS: handle,
  }
}

/** Protects route handlers with the tokens of a provider, or of whatever else accepts tokens. */
export function protector<Token extends TokenInfo<unknown>, Name extends string>(
  source: Given<Protects<Token, Name>>,
  options: AdapterOptions = {},
) {
  return {
    /**
     * Lets only requests in that bring a token with the scope: `'a b'` needs both, `['a', 'b']` either, undefined any
     * token. Answers 401 or 403 with the challenge of RFC 6750 §3 otherwise. The handler finds the token beside the
     * `params` of its route: `(request, { oauth, params })`.
     * @throws TypeError for a need that names no scope, at once where the provider is given at once
     */
    requireOAuth<
      Asked extends Request = Request,
      Route extends object = object,
      const Need extends ScopeNeed = ScopeNeed,
    >(
      need: Need & KnownNeed<Name, Need>,
      handler: (request: Asked, route: Route & Protected<Token>) => Response | Promise<Response>,
    ) {
      return behind<Asked, Route, Token, Token>(source, (given) => tokenGuard(given, need), options, handler)
    },
    /** The same for a route that is open to everybody: without any authentication, `oauth` is undefined. */
    optionalOAuth<
      Asked extends Request = Request,
      Route extends object = object,
      const Need extends ScopeNeed = ScopeNeed,
    >(
      need: Need & KnownNeed<Name, Need>,
      handler: (request: Asked, route: Route & { readonly oauth: Token | undefined }) => Response | Promise<Response>,
    ) {
      return behind<Asked, Route, Token, Token | undefined>(
        source,
        (given) => optionalTokenGuard(given, need),
        options,
        handler,
      )
    },
  }
}

/** A handler that hands the request to verbs of an `AuthorizationServer`. It returns their answer, or a `Response`. */
export type OAuthHandler<Asked extends Request, Route extends object> = (
  request: HttpRequest,
  raw: Asked,
  route: Route,
) => HttpResponse | Response | Promise<HttpResponse | Response>

/**
 * A route handler around verbs of an `AuthorizationServer`: answers what they answer, their refusals included. The
 * handler may read the body of `raw` too.
 */
export function oauth<Asked extends Request = Request, Route extends object = object>(
  handler: OAuthHandler<Asked, Route>,
  options: AdapterOptions = {},
): (request: Asked, route: Route) => Promise<Response> {
  return async (raw, route) => {
    const request = copyFrom(raw, infoOf(raw, options), options.maxBodyBytes)
    const given = await answerOf(() => handler(request, raw, route))
    return isAnswer(given) ? responseFrom(given, request.method) : (given as Response)
  }
}

function behind<Asked extends Request, Route extends object, Token extends TokenInfo<unknown>, Granted>(
  source: Given<Protects<Token>>,
  guardOf: (source: Protects<Token>) => Guard<Granted>,
  options: AdapterOptions,
  handler: (request: Asked, route: Route & { readonly oauth: Granted }) => Response | Promise<Response>,
): (request: Asked, route: Route) => Promise<Response> {
  const given = typeof source === 'function' ? undefined : guardOf(source)
  return async (request, route) => {
    const guard = given ?? guardOf(await valueNow(source))
    const result = await guard(copyFrom(request, infoOf(request, options), options.maxBodyBytes))
    if ('refused' in result) return responseFrom(result.refused, request.method)
    return withHeaders(await handler(request, { ...route, oauth: result.granted }), result)
  }
}
