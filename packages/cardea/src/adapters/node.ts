import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpRequest } from '../http/request.ts'
import { defaultMaxBodyBytes } from './fetch-request.ts'
import { guardedNode } from './guarded-node.ts'
import type { IncomingOptions } from './incoming.ts'
import { hasOneHost, twoHosts } from './node-endpoints.ts'
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
import { serverFailed } from './server-failed.ts'

export type { CertificateHeader, CertificateHeaderFormat } from './client-certificate-header.ts'
export type { TrustedProxies, TrustProxy } from './forwarded.ts'
export type { IncomingOptions as AdapterOptions } from './incoming.ts'
export type { ScopeNeed, TokenInfo } from './protection.ts'
export type { Answering, Served } from './served.ts'

/** What `createServer` of node:http takes. */
export type NodeListener = (message: IncomingMessage, response: ServerResponse) => void

/** How `nodeHandler` reads requests, and what answers those that are not for the provider. */
export interface NodeHandlerOptions extends IncomingOptions {
  /** What answers paths that are none of the provider's. Default: the provider, with a 404. */
  readonly fallback?: NodeListener
}

/** Serves a provider from node:http or node:https. */
export function nodeHandler(provider: Answering, options: NodeHandlerOptions = {}): NodeListener {
  const { trustProxy, fallback, maxBodyBytes = defaultMaxBodyBytes } = options
  const received = { handles: provider.handles }
  return (message, response) => {
    if (!hasOneHost(message)) return send(response, twoHosts)
    const request = new NodeRequest(message, trustProxy, maxBodyBytes, received)
    if (fallback !== undefined && !provider.handles(request.path)) fallback(message, response)
    else void provider.handle(request).then((answer) => send(response, closingIfUnread(message, answer)))
  }
}

/** A handler that is called with the token the request was let in with. */
export type ProtectedListener<Token extends TokenInfo<unknown> = TokenInfo> = (
  message: IncomingMessage,
  response: ServerResponse,
  token: Token,
) => unknown

/** A handler that also serves requests without any token. */
export type OptionalListener<Token extends TokenInfo<unknown> = TokenInfo> = (
  message: IncomingMessage,
  response: ServerResponse,
  token: Token | undefined,
) => unknown

/** Protects handlers of node:http with the tokens of a provider, or of whatever else accepts tokens. */
export function nodeProtector<Token extends TokenInfo<unknown>, Name extends string>(
  source: Protects<Token, Name>,
  options: IncomingOptions = {},
) {
  const failed = (error: unknown): void =>
    source.engine === undefined
      ? console.error('cardea: a handler failed', error)
      : void source.engine.emit({ type: 'internal_error', endpoint: 'resource', error })
  return {
    /**
     * Lets only requests in that bring a Bearer token with the scope: `'a b'` needs both, `['a', 'b']` either,
     * undefined any token. Answers 401 or 403 with the challenge of RFC 6750 §3 otherwise.
     */
    requireOAuth<const Need extends ScopeNeed>(
      need: Need & KnownNeed<Name, Need>,
      handler: ProtectedListener<Token>,
    ): NodeListener {
      return guardedNode({
        guard: tokenGuard(source, need),
        handler,
        failed,
        options,
      })
    },
    /** The same for a resource that is open to everybody: a request without any authentication comes in without a token. */
    optionalOAuth<const Need extends ScopeNeed>(
      need: Need & KnownNeed<Name, Need>,
      handler: OptionalListener<Token>,
    ): NodeListener {
      return guardedNode({ guard: optionalTokenGuard(source, need), handler, failed, options })
    },
  }
}

/** A handler that hands the request to verbs of an `AuthorizationServer`. It returns their answer, or answers by itself. */
export type OAuthListener = (request: HttpRequest, message: IncomingMessage, response: ServerResponse) => unknown

/** How `oauth` reads requests, and who hears of handlers that fail. */
export interface OAuthListenerOptions extends IncomingOptions {
  /** Is told of what the handler throws, which is answered with 500. Default: the console. */
  readonly failed?: (error: unknown) => void
}

/** A listener of node:http around verbs of an `AuthorizationServer`: sends what they answer, their refusals included. */
export function oauth(handler: OAuthListener, options: OAuthListenerOptions = {}): NodeListener {
  const { trustProxy, maxBodyBytes = defaultMaxBodyBytes, failed = console.error } = options
  return (message, response) => {
    const request = new NodeRequest(message, trustProxy, maxBodyBytes)
    answerOf(() => handler(request, message, response))
      .then((answer) => {
        if (isAnswer(answer)) send(response, closingIfUnread(message, answer))
      })
      .catch((error: unknown) => {
        failed(error)
        send(response, serverFailed)
      })
  }
}

/** By the names that the adapters of every framework have. */
export { nodeHandler as mount, nodeProtector as protector }
