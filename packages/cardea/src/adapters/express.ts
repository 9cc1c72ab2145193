import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpRequest } from '../http/request.ts'
import { defaultMaxBodyBytes } from './fetch-request.ts'
import { nodeGuard, presetHeaders } from './guarded-node.ts'
import type { IncomingOptions } from './incoming.ts'
import { nodeEndpoints } from './node-endpoints.ts'
import { NodeRequest } from './node-request.ts'
import { closingIfUnread, send } from './node-response.ts'
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

export type { IncomingOptions as AdapterOptions } from './incoming.ts'
export type { ScopeNeed, TokenInfo } from './protection.ts'
export type { Answering, Served } from './served.ts'

/** Hands on to the next handler, or an error to the error handlers. */
export type Next = (error?: unknown) => void

/** Middleware of Express 4 and 5, of Connect, and of whatever else takes its kind. */
export type Middleware<Request extends IncomingMessage, Response extends ServerResponse> = (
  request: Request,
  response: Response,
  next: Next,
) => void

/** What a protected handler finds on the request. */
export interface Protected<Token extends TokenInfo<unknown> = TokenInfo> {
  /** What the token of this request allows, and whose it is. */
  readonly oauth: Token
}

declare global {
  // The interface that @types/express offers for members that middleware adds.
  namespace Express {
    interface Request {
      oauth?: TokenInfo
    }
  }
}

/** What handlers use most of a request of Express, for those that do not say which type theirs has. */
export interface ExpressRequest extends IncomingMessage {
  /** Parameters of the path. */
  readonly params: object
  /** Parameters of the query, as the app parses them. */
  readonly query: object
  /** What a body parser has left; undefined without one. */
  readonly body: unknown
  /** The request target before a router took its own path off. */
  readonly originalUrl: string
}

/** What handlers use most of a response of Express. */
export interface ExpressResponse extends ServerResponse {
  /** Sets the status of the answer. */
  status(code: number): this
  /** Answers with JSON. */
  json(body?: unknown): unknown
  /** Answers with text, bytes or JSON. */
  send(body?: unknown): unknown
  /** Answers 302 with that Location. */
  redirect(url: string): void
}

/** A handler behind `requireOAuth`. What it throws or rejects with goes to the error handlers of the app. */
export type ProtectedHandler<Request, Response, Token extends TokenInfo<unknown> = TokenInfo> = (
  request: Request & Protected<Token>,
  response: Response,
  next: Next,
) => unknown

/**
 * Serves a provider: every endpoint, the metadata at its well-known path, the pages. Everything else goes on to the
 * host. Belongs in front of body parsers, and works behind them.
 */
export function mount(provider: Answering, options: IncomingOptions = {}): Middleware<IncomingMessage, ServerResponse> {
  const endpoints = nodeEndpoints(provider, options)
  return (request, response, next) => {
    const answered = endpoints(request)
    if (answered === undefined) next()
    else answered.then((answer) => send(response, answer)).catch(next)
  }
}

/** Protects routes of Express with the tokens of a provider, or of whatever else accepts tokens. */
export function protector<Token extends TokenInfo<unknown>, Name extends string>(
  source: Protects<Token, Name>,
  options: IncomingOptions = {},
) {
  /**
   * Lets only requests in that bring a token with the scope: `'a b'` needs both, `['a', 'b']` either, undefined any
   * token. Answers 401 or 403 with the challenge of RFC 6750 §3 otherwise. The token is `req.oauth`.
   * @throws TypeError at once, for a need that names no scope
   */
  function requireOAuth<const Need extends ScopeNeed>(
    need: Need & KnownNeed<Name, Need>,
  ): Middleware<IncomingMessage, ServerResponse>
  function requireOAuth<
    Request extends IncomingMessage = ExpressRequest,
    Response extends ServerResponse = ExpressResponse,
    const Need extends ScopeNeed = ScopeNeed,
  >(
    need: Need & KnownNeed<Name, Need>,
    handler: ProtectedHandler<Request, Response, Token>,
  ): Middleware<Request, Response>
  function requireOAuth<Request extends IncomingMessage, Response extends ServerResponse>(
    need: ScopeNeed,
    handler: ProtectedHandler<Request, Response, Token> = goOn,
  ): Middleware<Request, Response> {
    return behind<Request, Response, Token>(nodeGuard(tokenGuard(source, need), options), handler)
  }
  /** The same for a route that is open to everybody: without any authentication, `req.oauth` is undefined. */
  function optionalOAuth<const Need extends ScopeNeed>(
    need: Need & KnownNeed<Name, Need>,
  ): Middleware<IncomingMessage, ServerResponse> {
    return behind(nodeGuard(optionalTokenGuard(source, need), options), goOn)
  }
  return { requireOAuth, optionalOAuth }
}

/** A handler that hands the request to verbs of an `AuthorizationServer`. It returns their answer, or answers by itself. */
export type OAuthHandler<Request, Response> = (request: HttpRequest, req: Request, res: Response, next: Next) => unknown

/**
 * A route of Express around verbs of an `AuthorizationServer`: sends what they answer, their refusals included. The body
 * may have been parsed before.
 */
export function oauth<
  Request extends IncomingMessage = ExpressRequest,
  Response extends ServerResponse = ExpressResponse,
>(
  handler: OAuthHandler<Request, Response>,
  { trustProxy, maxBodyBytes = defaultMaxBodyBytes }: IncomingOptions = {},
): Middleware<Request, Response> {
  return (req, res, next) => {
    const request = new NodeRequest(req, trustProxy, maxBodyBytes)
    answerOf(() => handler(request, req, res, next))
      .then((answer) => {
        if (isAnswer(answer)) send(res, closingIfUnread(req, answer))
      })
      .catch(next)
  }
}

const goOn = (_request: unknown, _response: unknown, next: Next): void => next()

function behind<Request extends IncomingMessage, Response extends ServerResponse, Granted>(
  guard: ReturnType<typeof nodeGuard<Granted>>,
  handler: (request: Request & { readonly oauth: Granted }, response: Response, next: Next) => unknown,
): Middleware<Request, Response> {
  return (request, response, next) => {
    const run = async (): Promise<unknown> => {
      const result = await guard(request)
      if ('refused' in result) return send(response, result.refused)
      presetHeaders(response, result)
      return handler(Object.assign(request, { oauth: result.granted }), response, next)
    }
    // Express 4 does not see what a promise is rejected with.
    run().catch(next)
  }
}
