import type { IncomingMessage } from 'node:http'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import { defaultMaxBodyBytes } from './fetch-request.ts'
import { nodeGuard } from './guarded-node.ts'
import type { IncomingOptions } from './incoming.ts'
import { nodeEndpoints } from './node-endpoints.ts'
import { NodeRequest, type Received } from './node-request.ts'
import { closingIfUnread } from './node-response.ts'
import { answerOf, isAnswer } from './oauth-answer.ts'
import type { ParsedBody } from './parsed-body.ts'
import {
  type KnownNeed,
  optionalTokenGuard,
  type Protects,
  type ScopeNeed,
  type TokenInfo,
  tokenGuard,
} from './protection.ts'
import type { Answering } from './served.ts'

export type { IncomingOptions as AdapterOptions } from './incoming.ts'
export type { ParsedBody } from './parsed-body.ts'
export type { ScopeNeed, TokenInfo } from './protection.ts'
export type { Answering, Served } from './served.ts'

/** What is used of a context of Koa 3. */
export interface Context {
  /** The message of node:http underneath. */
  readonly req: IncomingMessage
  /** The request target before a middleware took a prefix off. */
  readonly originalUrl: string
  /** Koa's request, with what a body parser has left on it. */
  readonly request: ParsedBody
  /** Status of the answer. */
  status: number
  /** Body of the answer. */
  body: unknown
  /** Where middleware leaves things for what follows. */
  state: object
  /** Sets a header of the answer; a list sends it once for each value. */
  set(name: string, value: string | string[]): unknown
}

/** Hands on to the next middleware. */
export type Next = () => Promise<unknown>

/** Middleware of Koa. */
export type Middleware<Ctx extends Context> = (ctx: Ctx, next: Next) => Promise<unknown>

/** What a protected handler finds in `ctx.state`. */
export interface Protected<Token extends TokenInfo<unknown> = TokenInfo> {
  /** `oauth` is what the token of this request allows, and whose it is. */
  readonly state: { readonly oauth: Token }
}

function answer(ctx: Context, { status, headers, body }: HttpResponse): void {
  ctx.status = status
  // The body comes first: Koa gives it a type, which ours replaces.
  ctx.body = body
  for (const [name, value] of Object.entries(headers)) {
    if (value.length > 0) ctx.set(name, typeof value === 'string' ? value : [...value])
  }
}

/** koa-mount takes a prefix off the URL; body parsers leave their result on Koa's request, some on Node's. */
function receivedFrom({ originalUrl, req, request }: Context): Received {
  const isParsed = request.rawBody !== undefined || request.body !== undefined
  return { target: originalUrl, parsed: isParsed ? request : (req as ParsedBody) }
}

/**
 * Serves a provider: every endpoint, the metadata at its well-known path, the pages. Everything else goes on to the
 * host. Belongs in front of body parsers, and works behind them.
 */
export function mount(provider: Answering, options: IncomingOptions = {}): Middleware<Context> {
  const endpoints = nodeEndpoints(provider, options)
  return async (ctx, next) => {
    const answered = endpoints(ctx.req, receivedFrom(ctx))
    return answered === undefined ? next() : answer(ctx, await answered)
  }
}

/** Protects routes of Koa with the tokens of a provider, or of whatever else accepts tokens. */
export function protector<Token extends TokenInfo<unknown>, Name extends string>(
  source: Protects<Token, Name>,
  options: IncomingOptions = {},
) {
  return {
    /**
     * Lets only requests in that bring a token with the scope: `'a b'` needs both, `['a', 'b']` either, undefined any
     * token. Answers 401 or 403 with the challenge of RFC 6750 §3 otherwise. The token is `ctx.state.oauth`.
     * @throws TypeError at once, for a need that names no scope
     */
    requireOAuth<Ctx extends Context, const Need extends ScopeNeed = ScopeNeed>(
      need: Need & KnownNeed<Name, Need>,
      handler: (ctx: Ctx & Protected<Token>, next: Next) => unknown = goOn,
    ): Middleware<NoInfer<Ctx>> {
      return behind(nodeGuard(tokenGuard(source, need), options), handler as (ctx: Ctx, next: Next) => unknown)
    },
    /** The same for a route that is open to everybody: without any authentication, `ctx.state.oauth` is undefined. */
    optionalOAuth<Ctx extends Context, const Need extends ScopeNeed = ScopeNeed>(
      need: Need & KnownNeed<Name, Need>,
      handler: (ctx: Ctx, next: Next) => unknown = goOn,
    ): Middleware<NoInfer<Ctx>> {
      return behind(nodeGuard(optionalTokenGuard(source, need), options), handler)
    },
  }
}

/** A handler that hands the request to verbs of an `AuthorizationServer`. It returns their answer, or sets `ctx.body`. */
export type OAuthHandler<Ctx extends Context> = (request: HttpRequest, ctx: Ctx, next: Next) => unknown

/**
 * A route of Koa around verbs of an `AuthorizationServer`: sends what they answer, their refusals included. The body may
 * have been parsed before.
 */
export function oauth<Ctx extends Context>(
  handler: OAuthHandler<Ctx>,
  { trustProxy, maxBodyBytes = defaultMaxBodyBytes }: IncomingOptions = {},
): Middleware<NoInfer<Ctx>> {
  return async (ctx, next) => {
    const request = new NodeRequest(ctx.req, trustProxy, maxBodyBytes, receivedFrom(ctx))
    const given = await answerOf(() => handler(request, ctx, next))
    if (isAnswer(given)) answer(ctx, closingIfUnread(ctx.req, given))
  }
}

const goOn = (_ctx: unknown, next: Next): Promise<unknown> => next()

function behind<Ctx extends Context, Granted>(
  guard: ReturnType<typeof nodeGuard<Granted>>,
  handler: (ctx: Ctx, next: Next) => unknown,
): Middleware<Ctx> {
  return async (ctx, next) => {
    const result = await guard(ctx.req, receivedFrom(ctx))
    if ('refused' in result) return answer(ctx, result.refused)
    for (const [name, value] of Object.entries(result.headers ?? {})) ctx.set(name, value)
    Object.assign(ctx.state, { oauth: result.granted })
    return handler(ctx, next)
  }
}
