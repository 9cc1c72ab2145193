import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { invalidRequest, ProtocolError } from '../core/spec/errors.ts'
import type { HttpRequest } from '../http/request.ts'
import { isLoopback, type Peer, peerOf, type TrustProxy } from './forwarded.ts'

const tooLarge = (most: number): ProtocolError =>
  new ProtocolError('request_too_large', 'request_too_large', {
    description: `The body may have at most ${most} bytes`,
  })

const aborted = (): ProtocolError => new ProtocolError('invalid_request', 'request_aborted')

function textOf(chunks: readonly Buffer[]): string {
  const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
  if (isUtf8(bytes)) return bytes.toString('utf8')
  throw invalidRequest('malformed_encoding', 'The body is not valid UTF-8')
}

function bodyOf(message: IncomingMessage, most: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= most) chunks.push(chunk)
      else {
        message.pause()
        reject(tooLarge(most))
      }
    })
    message.on('end', () => {
      try {
        resolve(textOf(chunks))
      } catch (error) {
        reject(error)
      }
    })
    // The client went away: no failure of ours.
    message.on('error', () => reject(aborted()))
    message.on('close', () => {
      if (!message.complete) reject(aborted())
    })
  })
}

interface MountedMessage {
  readonly originalUrl?: string
}

/** What a body parser of the host left behind when it read the body before us. */
interface ParsedMessage {
  readonly rawBody?: Buffer | string
  readonly body?: unknown
}

function bodyReadBefore({ rawBody, body }: ParsedMessage): string {
  if (rawBody !== undefined) return rawBody.toString()
  if (typeof body === 'string' || Buffer.isBuffer(body)) return body.toString()
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one))
  }
  return params.toString()
}

/** An `IncomingMessage` as the engine sees it, without the cost of a Web Request in between. */
export class NodeRequest implements HttpRequest {
  readonly method: string
  readonly target: string
  readonly path: string
  readonly query: string
  readonly #message: IncomingMessage
  readonly #trust: TrustProxy | undefined
  readonly #maxBodyBytes: number
  #peer: Peer | undefined
  #text: Promise<string> | undefined

  constructor(message: IncomingMessage, trust: TrustProxy | undefined, maxBodyBytes: number) {
    const target = message.url ?? '/'
    const mark = target.indexOf('?')
    this.method = message.method ?? 'GET'
    // Express and Connect take a mount prefix off the URL, and a client signs what it has sent.
    this.target = (message as MountedMessage).originalUrl ?? target
    this.path = mark === -1 ? target : target.slice(0, mark)
    this.query = mark === -1 ? '' : target.slice(mark + 1)
    this.#message = message
    this.#trust = trust
    this.#maxBodyBytes = maxBodyBytes
  }

  header(name: string): string | undefined {
    const value = this.#message.headers[name]
    if (name === 'authorization' || name === 'content-type') return this.#single(name)
    return Array.isArray(value) ? value.join(', ') : value
  }

  /** Read once: a request that is signed as a form is looked at by more than one reader. */
  text(): Promise<string> {
    this.#text ??= this.#read()
    return this.#text
  }

  #read(): Promise<string> {
    const message = this.#message
    if (message.readableEnded) return Promise.resolve(bodyReadBefore(message as ParsedMessage))
    if (Number(message.headers['content-length'] ?? 0) > this.#maxBodyBytes)
      return Promise.reject(tooLarge(this.#maxBodyBytes))
    return bodyOf(message, this.#maxBodyBytes)
  }

  get remoteAddress(): string | undefined {
    return this.#peerOnce().address
  }

  get secure(): boolean | undefined {
    if ('encrypted' in this.#message.socket) return true
    const address = this.#message.socket.remoteAddress
    const peer = this.#peerOnce()
    if (peer.proto !== undefined) return peer.proto === 'https'
    // Without address: a Unix socket, at whose other end is this machine.
    return peer.trusted || address === undefined || isLoopback(address) ? undefined : false
  }

  /** Node keeps the first of two Authorization headers; which one counts must not depend on who looks. */
  #single(name: string): string | undefined {
    const value = this.#message.headers[name] as string | undefined
    if (value === undefined) return undefined
    const all = this.#message.headersDistinct[name]
    return all === undefined || all.length === 1 ? value : all.join(', ')
  }

  #peerOnce(): Peer {
    this.#peer ??= peerOf(
      this.#message.socket.remoteAddress,
      this.header('x-forwarded-for'),
      this.header('x-forwarded-proto'),
      this.#trust,
    )
    return this.#peer
  }
}
