import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { ProtocolError } from '../core/spec/errors.ts'
import { originForm } from '../http/origin-form.ts'
import type { HttpRequest } from '../http/request.ts'
import { tooLarge, withinLimit } from './body-limit.ts'
import { forwardedCertificate, isLoopback, type Peer, peerOf, type TrustProxy } from './forwarded.ts'
import { isKept, type ParsedBody, textFrom, textReadBefore } from './parsed-body.ts'

const aborted = (): ProtocolError => new ProtocolError('invalid_request', 'request_aborted')

function bodyOf(message: IncomingMessage, most: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer | string) => {
      // Text where the host has set an encoding.
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      size += bytes.length
      if (size <= most) chunks.push(bytes)
      else {
        message.pause()
        reject(tooLarge(most))
      }
    })
    message.on('end', () => {
      try {
        resolve(textFrom(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
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

/** What a framework knows of a request besides the message. */
export interface Received {
  /** The request target as it came, where the framework keeps it elsewhere than in `originalUrl` of the message. */
  readonly target?: string
  /** Whether a path is served: the whole one is taken where it is, before one without the mount prefix. */
  readonly handles?: (path: string) => boolean
  /** Where the framework's body parsers leave their result. Default: the message. */
  readonly parsed?: ParsedBody
  /** Reads the body in place of us. */
  readonly text?: () => Promise<string>
  /** Asked after `text`: whether that is what was sent. Default: it is. */
  readonly isAsSent?: () => boolean
}

const pathOf = (target: string): string => {
  const mark = target.indexOf('?')
  return mark === -1 ? target : target.slice(0, mark)
}

const nothingElse: Received = {}

/** An `IncomingMessage` as the engine sees it, without the cost of a Web Request in between. */
export class NodeRequest implements HttpRequest {
  readonly method: string
  readonly target: string
  readonly path: string
  readonly query: string
  readonly #message: IncomingMessage
  readonly #trust: TrustProxy | undefined
  readonly #maxBodyBytes: number
  readonly #received: Received
  #peer: Peer | undefined
  #text: Promise<string> | undefined
  #wasReadBefore = false

  constructor(
    message: IncomingMessage,
    trust: TrustProxy | undefined,
    maxBodyBytes: number,
    received: Received = nothingElse,
  ) {
    const stripped = message.url ?? '/'
    this.method = message.method ?? 'GET'
    // Express and Connect take a mount prefix off the URL, and a client signs what it has sent.
    this.target = received.target ?? (message as MountedMessage).originalUrl ?? stripped
    const target = originForm(this.target)
    const whole = this.target !== stripped && received.handles?.(pathOf(target)) === true
    this.path = pathOf(whole ? target : originForm(stripped))
    const mark = stripped.indexOf('?')
    this.query = mark === -1 ? '' : stripped.slice(mark + 1)
    this.#message = message
    this.#trust = trust
    this.#maxBodyBytes = maxBodyBytes
    this.#received = received
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

  isAsSent(): boolean {
    const { isAsSent, parsed = this.#message as ParsedBody, text } = this.#received
    if (text !== undefined) return isAsSent?.() ?? true
    return !this.#wasReadBefore || isKept(parsed)
  }

  #read(): Promise<string> {
    const message = this.#message
    const { parsed = message as ParsedBody, text } = this.#received
    if (text !== undefined) return text().then((read) => withinLimit(read, this.#maxBodyBytes))
    if (message.readableEnded) return this.#readBefore(parsed)
    if (Number(message.headers['content-length'] ?? 0) > this.#maxBodyBytes)
      return Promise.reject(tooLarge(this.#maxBodyBytes))
    // Whoever began to read has stopped: nothing more comes, and nothing would ever say so.
    if (message.destroyed) return message.errored ? Promise.reject(aborted()) : this.#readBefore(parsed)
    return bodyOf(message, this.#maxBodyBytes)
  }

  async #readBefore(parsed: ParsedBody): Promise<string> {
    this.#wasReadBefore = true
    return withinLimit(textReadBefore(parsed, this.#message.headers['content-type']), this.#maxBodyBytes)
  }

  get raw(): IncomingMessage {
    return this.#message
  }

  get remoteAddress(): string | undefined {
    return this.#peerOnce().address
  }

  get clientCertificate(): Uint8Array | undefined {
    // The certificate of a proxy would make every client behind it the same one.
    if (this.#peerOnce().trusted) return forwardedCertificate(this.#trust, (name) => this.header(name))
    const socket = this.#message.socket as Partial<TLSSocket>
    return socket.getPeerX509Certificate?.()?.raw
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
    const { rawHeaders } = this.#message
    let all: string | undefined
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const sent = rawHeaders[at] as string
      if (sent.length !== name.length || sent.toLowerCase() !== name) continue
      all = all === undefined ? rawHeaders[at + 1] : `${all}, ${rawHeaders[at + 1]}`
    }
    return all ?? value
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
