import { ProtocolError } from '../core/spec/errors.ts'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import type { Provider, ResourceGuard } from '../provider.ts'

type ScopeNeed = Parameters<Provider['protect']>[0]
export type TokenInfo = Extract<Awaited<ReturnType<ResourceGuard>>, { token: unknown }>['token']

export interface FetchHandlerOptions {
  /** Bytes a body may have. Default 131072. */
  readonly maxBodyBytes?: number
}

export interface FetchInfo {
  /** Address of the client, as the host's runtime knows it. Guessing limits count by it. */
  readonly remoteAddress?: string
}

const tooLarge = (most: number): ProtocolError =>
  new ProtocolError('request_too_large', 'request_too_large', {
    description: `The body may have at most ${most} bytes`,
  })

async function bodyOf(request: Request, most: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge(most)
  if (request.body === null) return ''
  const decoder = new TextDecoder()
  let size = 0
  let text = ''
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > most) throw tooLarge(most)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function requestFrom(request: Request, info: FetchInfo, most: number): HttpRequest {
  const url = new URL(request.url)
  // As it was sent: URL would already have resolved dot segments, and OAuth 1 signs what was sent.
  const target = request.url.slice(request.url.indexOf(url.host) + url.host.length) || '/'
  return {
    method: request.method,
    target,
    path: url.pathname,
    query: url.search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    text: () => bodyOf(request, most),
    remoteAddress: info.remoteAddress,
    secure: url.protocol === 'https:' ? true : undefined,
  }
}

function responseFrom({ status, headers, body }: HttpResponse): Response {
  const list = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const one of typeof value === 'string' ? [value] : value) list.append(name, one)
  }
  return new Response(status === 204 || status === 304 ? null : body, { status, headers: list })
}

/** Serves a provider from Web `Request`s: any runtime that speaks fetch. */
export function fetchHandler(provider: Provider, { maxBodyBytes = 131072 }: FetchHandlerOptions = {}) {
  return async (request: Request, info: FetchInfo = {}): Promise<Response> =>
    responseFrom(await provider.handle(requestFrom(request, info, maxBodyBytes)))
}

/** A handler that is called with the token the request was let in with. */
export type ProtectedFetch = (request: Request, token: TokenInfo) => Response | Promise<Response>

/** Protects fetch handlers with the provider's own tokens. */
export function fetchProtector(provider: Provider) {
  return {
    /**
     * Lets only requests in that bring a Bearer token with the scope: `'a b'` needs both, `['a', 'b']` either,
     * undefined any token. Answers 401 or 403 with the challenge of RFC 6750 §3 otherwise.
     */
    requireOAuth(need: ScopeNeed, handler: ProtectedFetch): (request: Request) => Promise<Response> {
      const guard = provider.protect(need)
      return async (request) => {
        const result = await guard(request.headers.get('authorization') ?? undefined)
        return 'refused' in result ? responseFrom(result.refused) : handler(request, result.token)
      }
    },
  }
}
