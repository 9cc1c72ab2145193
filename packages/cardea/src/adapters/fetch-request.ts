import { invalidRequest, ProtocolError } from '../core/spec/errors.ts'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import { tooLarge } from './body-limit.ts'
import { serverFailed } from './server-failed.ts'

/** How bodies are read. */
export interface FetchHandlerOptions {
  /** Bytes a body may have. Default 131072. */
  readonly maxBodyBytes?: number
}

/** How requests are read, and whose they are. */
export interface AdapterOptions extends FetchHandlerOptions {
  /**
   * Address of the client, such as from a header that your platform sets and nobody else can. Guessing limits count by
   * it; without it, the whole world counts as one network.
   */
  readonly remoteAddress?: (request: Request) => string | undefined
  /**
   * DER of the certificate that the client has shown (RFC 8705), such as from a header that your platform sets and nobody else
   * can. Default: none, and tokens that are bound to one are refused.
   */
  readonly clientCertificate?: (request: Request) => Uint8Array | undefined
}

/** What a runtime knows of a request besides the request. */
export interface FetchInfo {
  /** Address of the client, as the host's runtime knows it. Guessing limits count by it. */
  readonly remoteAddress?: string
  /** DER of the certificate that the client has shown, as the host's runtime knows it (RFC 8705). Never from a header of the client. */
  readonly clientCertificate?: Uint8Array
}

export const defaultMaxBodyBytes = 131072

export function infoOf(request: Request, options: AdapterOptions): FetchInfo {
  const remoteAddress = options.remoteAddress?.(request)
  const clientCertificate = options.clientCertificate?.(request)
  return {
    ...(remoteAddress !== undefined && { remoteAddress }),
    ...(clientCertificate !== undefined && { clientCertificate }),
  }
}

/** Not waited for: of a copied body, the end of one half only comes with that of the other, which nobody may ever read. */
const letGo = (reader: ReadableStreamDefaultReader): void => {
  reader.cancel().catch(() => {})
}

async function bytesAsTheyCome(request: Request, most: number): Promise<Uint8Array> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = request.body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  while (reader !== undefined) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > most) {
      letGo(reader)
      throw tooLarge(most)
    }
    chunks.push(value)
  }
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, size)
}

/** A stream for every body would cost more than all the rest: whoever frames requests holds them to their length. */
const bytesOf = async (request: Request, most: number): Promise<Uint8Array> =>
  request.headers.has('content-length') ? new Uint8Array(await request.arrayBuffer()) : bytesAsTheyCome(request, most)

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw invalidRequest('malformed_encoding', 'The body is not valid UTF-8', { cause })
  }
}

export async function bodyOf(request: Request, most: number): Promise<string> {
  if (request.bodyUsed) throw new Error('The body of this Request was read before, and cannot be had again')
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge(most)
  const bytes = await bytesOf(request, most).catch((cause: unknown) => {
    if (cause instanceof ProtocolError) throw cause
    // The client went away: no failure of ours.
    throw new ProtocolError('invalid_request', 'request_aborted', { cause })
  })
  if (bytes.byteLength > most) throw tooLarge(most)
  return textOf(bytes)
}

/** Read once: a request that is signed as a form is looked at by more than one reader. */
function readOnce(body: () => Promise<string>): () => Promise<string> {
  let text: Promise<string> | undefined
  return () => {
    text ??= body()
    return text
  }
}

interface SentTo {
  readonly host: string
  readonly target: string
  readonly path: string
  readonly query: string
}

/** Cut and not parsed: the URL of a Request is in its normal form already, and has no user name. */
function sentTo(url: string): SentTo {
  const start = url.indexOf('//') + 2
  const slash = url.indexOf('/', start)
  const fragment = url.indexOf('#', slash)
  const target = fragment === -1 ? url.slice(slash) : url.slice(slash, fragment)
  const mark = target.indexOf('?')
  const [path, query] = mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)]
  return { host: url.slice(start, slash), target, path, query }
}

export function requestFrom(request: Request, info: FetchInfo, most: number = defaultMaxBodyBytes): HttpRequest {
  const { headers, method, url } = request
  const { host, ...sent } = sentTo(url)
  return {
    method,
    ...sent,
    // A Request has no Host header of its own, and its URL says the same.
    header: (name) => headers.get(name) ?? (name === 'host' ? host : undefined),
    text: readOnce(() => bodyOf(request, most)),
    remoteAddress: info.remoteAddress,
    clientCertificate: info.clientCertificate,
    secure: url.startsWith('https:') ? true : undefined,
    raw: request,
  }
}

/** A list only where a header repeats: runtimes take a plain record at much less cost. */
function headersFrom(headers: HttpResponse['headers']): Record<string, string> | [string, string][] {
  const single: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name] as string | readonly string[]
    if (typeof value === 'string') single[name] = value
    else if (value.length > 0) return everyPair(headers)
  }
  return single
}

const everyPair = (headers: HttpResponse['headers']): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]))

function written({ status, headers, body }: HttpResponse, method: string): Response {
  const bodiless = method === 'HEAD' || status === 204 || status === 304
  return new Response(bodiless ? null : body, { status, headers: headersFrom(headers) })
}

/** The answer as a Response. What cannot be sent is told on the console, and answered with a 500. */
export function responseFrom(answer: HttpResponse, method: string): Response {
  try {
    return written(answer, method)
  } catch (error) {
    console.error('cardea: an answer cannot be sent', error)
    return written(serverFailed, method)
  }
}

/** The body; whoever handles the request after us still gets one that nobody has read. */
export const bodyCopyOf = async (request: Request, most: number): Promise<string> =>
  bodyOf(request.bodyUsed ? request : request.clone(), most)

/** As `requestFrom`, of a copy of the body. */
export const copyFrom = (request: Request, info: FetchInfo, most: number = defaultMaxBodyBytes): HttpRequest => ({
  ...requestFrom(request, info, most),
  text: readOnce(() => bodyCopyOf(request, most)),
})
