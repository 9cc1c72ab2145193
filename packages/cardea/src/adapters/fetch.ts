import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import {
  type AdapterOptions,
  copyFrom,
  defaultMaxBodyBytes,
  type FetchHandlerOptions,
  type FetchInfo,
  infoOf,
  requestFrom,
  responseFrom,
} from './fetch-request.ts'
import { guardedFetch } from './guarded-fetch.ts'
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

export type { AdapterOptions, FetchHandlerOptions, FetchInfo } from './fetch-request.ts'
export type { ScopeNeed, TokenInfo } from './protection.ts'
export type { Answering, Served } from './served.ts'

/** Serves a provider from Web `Request`s: any runtime that speaks fetch. */
export function fetchHandler(provider: Answering, { maxBodyBytes = defaultMaxBodyBytes }: FetchHandlerOptions = {}) {
  return async (request: Request, info: FetchInfo = {}): Promise<Response> =>
    responseFrom(await provider.handle(requestFrom(request, info, maxBodyBytes)), request.method)
}

/** A handler that is called with the token the request was let in with. */
export type ProtectedFetch<Token extends TokenInfo<unknown> = TokenInfo> = (
  request: Request,
  token: Token,
) => Response | Promise<Response>

/** A handler that also serves requests without any token. */
export type OptionalFetch<Token extends TokenInfo<unknown> = TokenInfo> = (
  request: Request,
  token: Token | undefined,
) => Response | Promise<Response>

/** Protects fetch handlers with the tokens of a provider, or of whatever else accepts tokens. */
export function fetchProtector<Token extends TokenInfo<unknown>, Name extends string>(
  source: Protects<Token, Name>,
  { maxBodyBytes = defaultMaxBodyBytes }: FetchHandlerOptions = {},
) {
  return {
    /**
     * Lets only requests in that bring a Bearer token with the scope: `'a b'` needs both, `['a', 'b']` either,
     * undefined any token. Answers 401 or 403 with the challenge of RFC 6750 §3 otherwise.
     */
    requireOAuth<const Need extends ScopeNeed>(
      need: Need & KnownNeed<Name, Need>,
      handler: ProtectedFetch<Token>,
    ): (request: Request, info?: FetchInfo) => Promise<Response> {
      return guardedFetch(tokenGuard(source, need), handler, maxBodyBytes)
    },
    /** The same for a resource that is open to everybody: a request without any authentication comes in without a token. */
    optionalOAuth<const Need extends ScopeNeed>(
      need: Need & KnownNeed<Name, Need>,
      handler: OptionalFetch<Token>,
    ): (request: Request, info?: FetchInfo) => Promise<Response> {
      return guardedFetch(optionalTokenGuard(source, need), handler, maxBodyBytes)
    },
  }
}

/** A handler that hands the request to verbs of an `AuthorizationServer`. It returns their answer, or a `Response`. */
export type OAuthFetch<Rest extends readonly unknown[]> = (
  request: HttpRequest,
  raw: Request,
  ...rest: Rest
) => HttpResponse | Response | Promise<HttpResponse | Response>

/**
 * A fetch handler around verbs of an `AuthorizationServer`: answers what they answer, their refusals included. The
 * handler may read the body of `raw` too.
 */
export function oauth<Rest extends readonly unknown[]>(
  handler: OAuthFetch<Rest>,
  options: AdapterOptions = {},
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (raw, ...rest) => {
    const request = copyFrom(raw, infoOf(raw, options), options.maxBodyBytes)
    const given = await answerOf(() => handler(request, raw, ...rest))
    return isAnswer(given) ? responseFrom(given, request.method) : (given as Response)
  }
}

/** By the names that the adapters of every framework have. */
export { fetchHandler as mount, fetchProtector as protector }
