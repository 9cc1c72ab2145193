import type { Provider } from '../provider.ts'
import {
  defaultMaxBodyBytes,
  type FetchHandlerOptions,
  type FetchInfo,
  requestFrom,
  responseFrom,
} from './fetch-request.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { optionalTokenGuard, type ScopeNeed, type TokenInfo, tokenGuard } from './protection.ts'

export type { FetchHandlerOptions, FetchInfo } from './fetch-request.ts'
export type { ScopeNeed, TokenInfo } from './protection.ts'

/** Serves a provider from Web `Request`s: any runtime that speaks fetch. */
export function fetchHandler(provider: Provider, { maxBodyBytes = defaultMaxBodyBytes }: FetchHandlerOptions = {}) {
  return async (request: Request, info: FetchInfo = {}): Promise<Response> =>
    responseFrom(await provider.handle(requestFrom(request, info, maxBodyBytes)), request.method)
}

/** A handler that is called with the token the request was let in with. */
export type ProtectedFetch = (request: Request, token: TokenInfo) => Response | Promise<Response>

/** A handler that also serves requests without any token. */
export type OptionalFetch = (request: Request, token: TokenInfo | undefined) => Response | Promise<Response>

/** Protects fetch handlers with the provider's own tokens. */
export function fetchProtector(provider: Provider, { maxBodyBytes = defaultMaxBodyBytes }: FetchHandlerOptions = {}) {
  return {
    /**
     * Lets only requests in that bring a Bearer token with the scope: `'a b'` needs both, `['a', 'b']` either,
     * undefined any token. Answers 401 or 403 with the challenge of RFC 6750 §3 otherwise.
     */
    requireOAuth(need: ScopeNeed, handler: ProtectedFetch): (request: Request) => Promise<Response> {
      return guardedFetch(tokenGuard(provider, need), handler, maxBodyBytes)
    },
    /** The same for a resource that is open to everybody: a request without any authentication comes in without a token. */
    optionalOAuth(need: ScopeNeed, handler: OptionalFetch): (request: Request) => Promise<Response> {
      return guardedFetch(optionalTokenGuard(provider, need), handler, maxBodyBytes)
    },
  }
}

/** By the names that the adapters of every framework have. */
export { fetchHandler as mount, fetchProtector as protector }
