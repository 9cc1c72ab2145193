import type { IncomingMessage } from 'node:http'
import type { HttpRequest } from '../http/request.ts'
import { receivedFromFastify } from './fastify-received.ts'
import { answerFastify, type FastifyReply } from './fastify-reply.ts'
import { defaultMaxBodyBytes } from './fetch-request.ts'
import { nodeGuard } from './guarded-node.ts'
import type { IncomingOptions } from './incoming.ts'
import { nodeEndpoints } from './node-endpoints.ts'
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

export type { FastifyReply } from './fastify-reply.ts'
export type { IncomingOptions as AdapterOptions } from './incoming.ts'
export type { ScopeNeed, TokenInfo } from './protection.ts'
export type { Answering, Served } from './served.ts'

/** What is used of a request of Fastify 5, here and in handlers that do not say which type theirs has. */
export interface FastifyRequest {
  /** The message of node:http underneath. */
  readonly raw: IncomingMessage
  /** Parameters of the path. */
  readonly params: unknown
  /** Parameters of the query, as the app parses them. */
  readonly query: unknown
  /** What a parser has left; undefined before it has run. */
  readonly body: unknown
}

type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void

/** What is used of an instance of Fastify 5. */
export interface FastifyInstance {
  /** Registers a function that sees every request before its body is parsed. */
  addHook(name: 'onRequest', hook: OnRequest): unknown
}

/** What `register` of Fastify takes. */
export type FastifyPlugin = (instance: FastifyInstance, options: object, done: () => void) => void

/** What a protected handler finds on the request. */
export interface Protected<Token extends TokenInfo<unknown> = TokenInfo> {
  /** What the token of this request allows, and whose it is. */
  readonly oauth: Token
}

/** A handler behind `requireOAuth`. */
export type ProtectedHandler<This, Request, Reply, Token extends TokenInfo<unknown> = TokenInfo> = (
  this: This,
  request: Request & Protected<Token>,
  reply: Reply,
) => unknown

/**
 * Serves a provider: every endpoint, the metadata at its well-known path, the pages. Everything else goes on to the
 * host. Register it on the outermost instance; it answers before bodies are parsed, and a `prefix` does not move it.
 */
export function mount(provider: Answering, options: IncomingOptions = {}): FastifyPlugin {
  const endpoints = nodeEndpoints(provider, options)
  const plugin: FastifyPlugin = (instance, _options, registered) => {
    instance.addHook('onRequest', (request, reply, done) => {
      const answered = endpoints(request.raw)
      if (answered === undefined) done()
      else void answered.then((given) => answerFastify(reply, given))
    })
    registered()
  }
  // What fastify-plugin does: a hook of an inner context would see the requests of its own routes only.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'cardea',
  })
}

/** Protects routes of Fastify with the tokens of a provider, or of whatever else accepts tokens. */
export function protector<Token extends TokenInfo<unknown>, Name extends string>(
  source: Protects<Token, Name>,
  options: IncomingOptions = {},
) {
  /**
   * Lets only requests in that bring a token with the scope: `'a b'` needs both, `['a', 'b']` either, undefined any
   * token. Answers 401 or 403 with the challenge of RFC 6750 §3 otherwise. Goes around a handler, or alone as a
   * `preHandler`. The token is `request.oauth`.
   * @throws TypeError at once, for a need that names no scope
   */
  function requireOAuth<const Need extends ScopeNeed>(
    need: Need & KnownNeed<Name, Need>,
  ): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
  function requireOAuth<This, Request extends FastifyRequest, Reply extends FastifyReply, const Need extends ScopeNeed>(
    need: Need & KnownNeed<Name, Need>,
    handler: ProtectedHandler<This, Request, Reply, Token>,
  ): (this: This, request: Request, reply: Reply) => Promise<unknown>
  function requireOAuth<This, Request extends FastifyRequest, Reply extends FastifyReply>(
    need: ScopeNeed,
    handler: ProtectedHandler<This, Request, Reply, Token> = () => undefined,
  ): (this: This, request: Request, reply: Reply) => Promise<unknown> {
    return behind<This, Request, Reply, Token>(nodeGuard(tokenGuard(source, need), options), handler)
  }
  /** The same for a route that is open to everybody: without any authentication, `request.oauth` is undefined. */
  function optionalOAuth<Request extends FastifyRequest, Reply extends FastifyReply, const Need extends ScopeNeed>(
    need: Need & KnownNeed<Name, Need>,
    handler: (request: Request & { readonly oauth: Token | undefined }, reply: Reply) => unknown = () => undefined,
  ): (request: Request, reply: Reply) => Promise<unknown> {
    return behind<unknown, Request, Reply, Token | undefined>(
      nodeGuard(optionalTokenGuard(source, need), options),
      handler,
    )
  }
  return { requireOAuth, optionalOAuth }
}

/** A handler that hands the request to verbs of an `AuthorizationServer`. It returns their answer, or what Fastify is to send. */
export type OAuthHandler<This, Request, Reply> = (
  this: This,
  request: HttpRequest,
  fastifyRequest: Request,
  reply: Reply,
) => unknown

/**
 * A route of Fastify around verbs of an `AuthorizationServer`: sends what they answer, their refusals included. Forms need
 * a parser such as `@fastify/formbody`.
 */
export function oauth<This, Request extends FastifyRequest, Reply extends FastifyReply>(
  handler: OAuthHandler<This, Request, Reply>,
  { trustProxy, maxBodyBytes = defaultMaxBodyBytes }: IncomingOptions = {},
): (this: This, request: Request, reply: Reply) => Promise<unknown> {
  return async function (request, reply) {
    const http = new NodeRequest(request.raw, trustProxy, maxBodyBytes, receivedFromFastify(request))
    const given = await answerOf(() => handler.call(this, http, request, reply))
    if (!isAnswer(given)) return given
    answerFastify(reply, given)
    return reply
  }
}

function behind<This, Request extends FastifyRequest, Reply extends FastifyReply, Granted>(
  guard: ReturnType<typeof nodeGuard<Granted>>,
  handler: (this: This, request: Request & { readonly oauth: Granted }, reply: Reply) => unknown,
): (this: This, request: Request, reply: Reply) => Promise<unknown> {
  return async function (request, reply) {
    const result = await guard(request.raw, receivedFromFastify(request))
    if ('refused' in result) {
      answerFastify(reply, result.refused)
      return reply
    }
    for (const [name, value] of Object.entries(result.headers ?? {})) reply.header(name, value)
    return handler.call(this, Object.assign(request, { oauth: result.granted }), reply)
  }
}
