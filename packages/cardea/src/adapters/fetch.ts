import { invalidRequest, ProtocolError } from '../core/spec/errors.ts'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import type { Provider } from '../provider.ts'
import type { ResourceGuard } from '../resource-guard.ts'

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
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of request.body) {
      size += chunk.byteLength
      if (size > most) break
      chunks.push(chunk)
    }
  } catch (cause) {
    // The client went away: no failure of ours.
    throw new ProtocolError('invalid_request', 'request_aborted', { cause })
  }
  if (size > most) throw tooLarge(most)
  return textOf(chunks, size)
}

function textOf(chunks: readonly Uint8Array[], size: number): string {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw invalidRequest('malformed_encoding', 'The body is not valid UTF-8', { cause })
  }
}

/** Read once: a request that is signed as a form is looked at by more than one reader. */
function readOnce(body: () => Promise<string>): () => Promise<string> {
  let text: Promise<string> | undefined
  return () => {
    text ??= body()
    return text
  }
}

function requestFrom(request: Request, info: FetchInfo, most: number): HttpRequest {
  const url = new URL(request.url)
  // Behind the authority: a search for the host would find "s" in the scheme.
  const target = request.url.slice(request.url.indexOf('/', request.url.indexOf('//') + 2))
  return {
    method: request.method,
    target,
    path: url.pathname,
    query: url.search.slice(1),
    // A Request has no Host header of its own, and its URL says the same.
    header: (name) => request.headers.get(name) ?? (name === 'host' ? url.host : undefined),
    text: readOnce(() => bodyOf(request, most)),
    remoteAddress: info.remoteAddress,
    secure: url.protocol === 'https:' ? true : undefined,
  }
}

function responseFrom({ status, headers, body }: HttpResponse, method: string): Response {
  const list = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const one of typeof value === 'string' ? [value] : value) list.append(name, one)
  }
  const bodiless = method === 'HEAD' || status === 204 || status === 304
  return new Response(bodiless ? null : body, { status, headers: list })
}

/** Serves a provider from Web `Request`s: any runtime that speaks fetch. */
export function fetchHandler(provider: Provider, { maxBodyBytes = 131072 }: FetchHandlerOptions = {}) {
  return async (request: Request, info: FetchInfo = {}): Promise<Response> =>
    responseFrom(await provider.handle(requestFrom(request, info, maxBodyBytes)), request.method)
}

/** A handler that is called with the token the request was let in with. */
export type ProtectedFetch = (request: Request, token: TokenInfo) => Response | Promise<Response>

/** Protects fetch handlers with the provider's own tokens. */
export function fetchProtector(provider: Provider, { maxBodyBytes = 131072 }: FetchHandlerOptions = {}) {
  return {
    /**
     * Lets only requests in that bring a Bearer token with the scope: `'a b'` needs both, `['a', 'b']` either,
     * undefined any token. Answers 401 or 403 with the challenge of RFC 6750 §3 otherwise.
     */
    requireOAuth(need: ScopeNeed, handler: ProtectedFetch): (request: Request) => Promise<Response> {
      const guard = provider.protect(need)
      return async (request) => {
        // A copy: the handler still gets a body that nobody has read.
        const seen = {
          ...requestFrom(request, {}, maxBodyBytes),
          text: readOnce(() => bodyOf(request.clone(), maxBodyBytes)),
        }
        const result = await guard(seen)
        return 'refused' in result ? responseFrom(result.refused, request.method) : handler(request, result.token)
      }
    },
  }
}
