import { invalidRequest, ProtocolError } from '../core/spec/errors.ts'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import { tooLarge } from './body-limit.ts'

export interface FetchHandlerOptions {
  /** Bytes a body may have. Default 131072. */
  readonly maxBodyBytes?: number
}

export interface FetchInfo {
  /** Address of the client, as the host's runtime knows it. Guessing limits count by it. */
  readonly remoteAddress?: string
}

export const defaultMaxBodyBytes = 131072

async function bodyOf(request: Request, most: number): Promise<string> {
  if (request.bodyUsed) throw new Error('The body of this Request was read before, and cannot be had again')
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

export function requestFrom(request: Request, info: FetchInfo, most: number = defaultMaxBodyBytes): HttpRequest {
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

export function responseFrom({ status, headers, body }: HttpResponse, method: string): Response {
  const list = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const one of typeof value === 'string' ? [value] : value) list.append(name, one)
  }
  const bodiless = method === 'HEAD' || status === 204 || status === 304
  return new Response(bodiless ? null : body, { status, headers: list })
}

/** The body; whoever handles the request after us still gets one that nobody has read. */
export const bodyCopyOf = async (request: Request, most: number): Promise<string> =>
  bodyOf(request.bodyUsed ? request : request.clone(), most)

/** As `requestFrom`, of a copy of the body. */
export const copyFrom = (request: Request, info: FetchInfo, most: number = defaultMaxBodyBytes): HttpRequest => ({
  ...requestFrom(request, info, most),
  text: readOnce(() => bodyCopyOf(request, most)),
})
