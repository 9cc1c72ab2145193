import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { HttpResponse } from '../http/response.ts'
import type { Provider } from '../provider.ts'
import type { ResourceGuard } from '../resource-guard.ts'
import type { TrustProxy } from './forwarded.ts'
import { NodeRequest } from './node-request.ts'

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

function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  // The client went away, or the host has answered already: there is nobody to tell.
  if (response.destroyed || response.headersSent) return
  // Copied, since node's type wants mutable lists.
  const sent: OutgoingHttpHeaders = { 'content-length': Buffer.byteLength(body) }
  for (const name in headers) sent[name] = headers[name] as string | string[]
  response.writeHead(status, sent)
  response.end(body)
}

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

/** A body that was refused for its size is not read to its end: the connection goes with it. */
const closingIfUnread = (message: IncomingMessage, answer: HttpResponse): HttpResponse =>
  answer.status === 413 && !message.complete
    ? { ...answer, headers: { ...answer.headers, connection: 'close' } }
    : answer

const handlerFailed: HttpResponse = {
  status: 500,
  headers: { 'content-type': 'application/json' },
  body: '{"error":"server_error"}',
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
      return (message, response) => {
        const request = new NodeRequest(message, trustProxy, maxBodyBytes)
        const parsedBefore = message.readableEnded
        const run = async (): Promise<unknown> => {
          const result = await guard(request)
          if ('refused' in result) return send(response, closingIfUnread(message, result.refused))
          // A form that was read for its token or signature: the handler finds it where body parsers leave it.
          if (message.readableEnded && !parsedBefore) (message as { rawBody?: string }).rawBody ??= await request.text()
          return handler(message, response, result.token)
        }
        run().catch((error: unknown) => {
          // An unhandled rejection would end the process, and with it every other request.
          provider.engine.emit({ type: 'internal_error', endpoint: 'resource', error })
          send(response, handlerFailed)
        })
      }
    },
  }
}
