import type { IncomingMessage } from 'node:http'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import { withinLimit } from './body-limit.ts'
import { bodyCopyOf, bodyOf, defaultMaxBodyBytes, requestFrom, responseFrom } from './fetch-request.ts'
import { withHeaders } from './guarded-fetch.ts'
import type { Guard } from './guarded-node.ts'
import { cachedText, isCachedAsSent } from './hono-body.ts'
import type { IncomingOptions } from './incoming.ts'
import { hasOneHost, twoHosts } from './node-endpoints.ts'
import { NodeRequest } from './node-request.ts'
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

export type { ScopeNeed, TokenInfo } from './protection.ts'
export type { Answering, Served } from './served.ts'

/** What is used of a context of Hono 4. */
export interface Context {
  /** The request; `bodyCache` holds what its methods have read already. */
  readonly req: { readonly raw: Request; readonly bodyCache: object }
  /** On Node.js: the messages of node:http, as `@hono/node-server` gives them. */
  readonly env: unknown
  /** Keeps the token for the handlers that follow. */
  set(name: 'oauth', token: TokenInfo): void
  /** The answer, as far as there is one. */
  readonly res: Response
  /** Sets a header of the answer. */
  header(name: string, value: string): void
}

/** How requests are read, and whose they are. */
export interface AdapterOptions extends IncomingOptions {
  /** Address of the client, where not Node.js but another runtime knows it. Guessing limits count by it. */
  readonly remoteAddress?: (c: Context) => string | undefined
  /** DER of the certificate that the client has shown (RFC 8705), where not Node.js but another runtime knows it. */
  readonly clientCertificate?: (c: Context) => Uint8Array | undefined
}

/** For `new Hono<{ Variables: OAuthVariables }>()`: then `c.get('oauth')` has its type. */
export interface OAuthVariables {
  /** What the token of this request allows, and whose it is. */
  readonly oauth: TokenInfo
}

/** What a protected handler finds in its context. */
export interface Protected<Token extends TokenInfo<unknown> = TokenInfo> {
  /** What the token of this request allows, and whose it is. */
  get(name: 'oauth'): Token
}

/** Hands on to the next handler. */
export type Next = () => Promise<void>

type Answer = Response | undefined

/** Middleware of Hono. */
export type Middleware<Ctx extends Context> = (c: Ctx, next: Next) => Promise<Answer>

interface NodeBindings {
  readonly incoming?: IncomingMessage
  readonly server?: { readonly incoming?: IncomingMessage }
}

/** Of a Web Request, dot segments are gone and escapes are changed: what was signed is in the message of Node.js. */
const messageOf = ({ env }: Context): IncomingMessage | undefined => {
  const bindings = (env ?? {}) as NodeBindings
  return bindings.server?.incoming ?? bindings.incoming
}

function requestOf(c: Context, options: AdapterOptions, read: typeof bodyOf): HttpRequest {
  const { trustProxy, maxBodyBytes: most = defaultMaxBodyBytes } = options
  const { raw, bodyCache } = c.req
  const text = async (): Promise<string> => {
    const cached = await cachedText(bodyCache)
    return cached === undefined ? read(raw, most) : withinLimit(cached, most)
  }
  const before = isCachedAsSent(bodyCache)
  const isAsSent = (): boolean => before
  const message = messageOf(c)
  if (message !== undefined) return new NodeRequest(message, trustProxy, most, { text, isAsSent })
  const remoteAddress = options.remoteAddress?.(c)
  const clientCertificate = options.clientCertificate?.(c)
  const info = {
    ...(remoteAddress !== undefined && { remoteAddress }),
    ...(clientCertificate !== undefined && { clientCertificate }),
  }
  return { ...requestFrom(raw, info, most), text, isAsSent }
}

/**
 * Serves a provider: every endpoint, the metadata at its well-known path, the pages. Everything else goes on to the
 * host. Use it on the outermost app; `basePath` does not move it.
 */
export function mount(provider: Answering, options: AdapterOptions = {}): Middleware<Context> {
  return async (c, next) => {
    const request = requestOf(c, options, bodyOf)
    if (!provider.handles(request.path)) {
      await next()
      return undefined
    }
    const message = messageOf(c)
    const isOne = message === undefined || hasOneHost(message)
    return responseFrom(isOne ? await provider.handle(request) : twoHosts, request.method)
  }
}

/** Protects routes of Hono with the tokens of a provider, or of whatever else accepts tokens. */
export function protector<Token extends TokenInfo<unknown>, Name extends string>(
  source: Protects<Token, Name>,
  options: AdapterOptions = {},
) {
  /**
   * Lets only requests in that bring a token with the scope: `'a b'` needs both, `['a', 'b']` either, undefined any
   * token. Answers 401 or 403 with the challenge of RFC 6750 §3 otherwise. The token is `c.get('oauth')`.
   * @throws TypeError at once, for a need that names no scope
   */
  function requireOAuth<const Need extends ScopeNeed>(need: Need & KnownNeed<Name, Need>): Middleware<Context>
  function requireOAuth<Ctx extends Context, const Need extends ScopeNeed = ScopeNeed>(
    need: Need & KnownNeed<Name, Need>,
    handler: (c: Ctx & Protected<Token>, next: Next) => Response | Promise<Response>,
  ): Middleware<Ctx>
  function requireOAuth<Ctx extends Context>(
    need: ScopeNeed,
    handler?: (c: Ctx & Protected<Token>, next: Next) => Response | Promise<Response>,
  ): Middleware<Ctx> {
    return behind(tokenGuard(source, need), options, handler as (c: Ctx, next: Next) => Response | Promise<Response>)
  }
  /** The same for a route that is open to everybody: without any authentication, `c.get('oauth')` is undefined. */
  function optionalOAuth<Ctx extends Context, const Need extends ScopeNeed = ScopeNeed>(
    need: Need & KnownNeed<Name, Need>,
    handler?: (c: Ctx, next: Next) => Response | Promise<Response>,
  ): Middleware<Ctx> {
    return behind(optionalTokenGuard(source, need), options, handler)
  }
  return { requireOAuth, optionalOAuth }
}

/** A handler that hands the request to verbs of an `AuthorizationServer`. It returns their answer, or one of Hono. */
export type OAuthHandler<Ctx extends Context> = (
  request: HttpRequest,
  c: Ctx,
  next: Next,
) => HttpResponse | Response | Promise<HttpResponse | Response>

/**
 * A route of Hono around verbs of an `AuthorizationServer`: sends what they answer, their refusals included. The handler
 * may read the body by the methods of Hono too.
 */
export function oauth<Ctx extends Context>(
  handler: OAuthHandler<Ctx>,
  options: AdapterOptions = {},
): (c: Ctx, next: Next) => Promise<Response> {
  return async (c, next) => {
    const request = requestOf(c, options, bodyCopyOf)
    const given = await answerOf(() => handler(request, c, next))
    return isAnswer(given) ? responseFrom(given, request.method) : (given as Response)
  }
}

function behind<Ctx extends Context>(
  guard: Guard<TokenInfo<unknown> | undefined>,
  options: AdapterOptions,
  handler: ((c: Ctx, next: Next) => Response | Promise<Response>) | undefined,
): Middleware<Ctx> {
  return async (c, next) => {
    // A copy: the handler may still read the body by the methods of Hono.
    const result = await guard(requestOf(c, options, bodyCopyOf))
    if ('refused' in result) return responseFrom(result.refused, c.req.raw.method)
    // Whose users they are is for the types of the host's app to say.
    if (result.granted !== undefined) c.set('oauth', result.granted as TokenInfo)
    if (handler !== undefined) return withHeaders(await handler(c, next), result)
    await next()
    const { headers = {} } = result
    for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.header(name, value)
    return undefined
  }
}
