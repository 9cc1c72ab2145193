import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpResponse } from '../http/response.ts'
import type { Provider } from '../provider.ts'
import type { ResourceGuard } from '../resource-guard.ts'
import type { TrustProxy } from './forwarded.ts'
import { guardedNode } from './guarded-node.ts'
import { NodeRequest } from './node-request.ts'
import { closingIfUnread, send } from './node-response.ts'

type ScopeNeed = Parameters<Provider['protect']>[0]
export type TokenInfo = Extract<Awaited<ReturnType<ResourceGuard>>, { token: unknown }>['token']

export type NodeListener = (message: IncomingMessage, response: ServerResponse) => void

export interface NodeHandlerOptions {
  /** Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Default: none. */
  readonly trustProxy?: TrustProxy
  /** What answers paths that are none of the provider's. Default: the provider, with a 404. */
  readonly fallback?: NodeListener
  /** Bytes a body may have. Default 131072. */
  readonly maxBodyBytes?: number
}

const defaultMaxBodyBytes = 131072

/** RFC 9112 §3.2: two Host headers may be two requests to whoever stands before us. Node lets them pass. */
function hasOneHost({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts <= 1
}

const twoHosts: HttpResponse = {
  status: 400,
  headers: { 'content-type': 'text/plain', connection: 'close' },
  body: 'More than one Host header',
}

/** Serves a provider from node:http or node:https. */
export function nodeHandler(provider: Provider, options: NodeHandlerOptions = {}): NodeListener {
  const { trustProxy, fallback, maxBodyBytes = defaultMaxBodyBytes } = options
  return (message, response) => {
    if (!hasOneHost(message)) return send(response, twoHosts)
    const request = new NodeRequest(message, trustProxy, maxBodyBytes)
    if (fallback !== undefined && !provider.handles(request.path)) fallback(message, response)
    else void provider.handle(request).then((answer) => send(response, closingIfUnread(message, answer)))
  }
}

/** A handler that is called with the token the request was let in with. */
export type ProtectedListener = (message: IncomingMessage, response: ServerResponse, token: TokenInfo) => unknown

/** Protects handlers of node:http with the provider's own tokens. */
export function nodeProtector(provider: Provider, options: Omit<NodeHandlerOptions, 'fallback'> = {}) {
  const { trustProxy, maxBodyBytes = defaultMaxBodyBytes } = options
  return {
    /**
     * Lets only requests in that bring a Bearer token with the scope: `'a b'` needs both, `['a', 'b']` either,
     * undefined any token. Answers 401 or 403 with the challenge of RFC 6750 §3 otherwise.
     */
    requireOAuth(need: ScopeNeed, handler: ProtectedListener): NodeListener {
      const guard = provider.protect(need)
      return guardedNode({
        guard: async (request) => {
          const result = await guard(request)
          return 'refused' in result ? result : { granted: result.token }
        },
        handler,
        failed: (error) => provider.engine.emit({ type: 'internal_error', endpoint: 'resource', error }),
        options: { trustProxy, maxBodyBytes },
      })
    },
  }
}
