import { addressKind, literalAddress } from './address-kind.ts'
import { OutgoingFailed } from './outgoing-failed.ts'
import { type OutgoingOptions, type OutgoingSettings, outgoingSettings } from './outgoing-options.ts'
import type { AnswerHead, Transport, TransportAnswer } from './transport.ts'

export type { OutgoingOptions } from './outgoing-options.ts'

/** What another server is asked. */
export interface OutgoingRequest {
  /** Absolute, without credentials and fragment. */
  readonly url: string
  /** A form for POST; without one it is a GET. */
  readonly form?: URLSearchParams
  /** Besides those that every request has. */
  readonly headers?: Readonly<Record<string, string>>
  /** Media types that the answer may have; `application/*+json` is every one of that suffix (RFC 6839 §3.1). */
  readonly accept: readonly string[]
  /** Default: that of the options. */
  readonly maxBytes?: number
  /** Milliseconds. Default: that of the options. */
  readonly timeout?: number
}

/** What another server answered. */
export interface OutgoingAnswer {
  /** Lower-case, without parameters. */
  readonly type: string
  /** As text; what is no UTF-8 is a failure. */
  readonly body: string
  /** By lower-case name. */
  header(name: string): string | undefined
}

/** The one door to the outside: every remote document and every question to another server goes through it. */
export interface Outgoing {
  /** Rejects with `OutgoingFailed` unless a 200 of an accepted type came back in time and size. */
  send(request: OutgoingRequest): Promise<OutgoingAnswer>
  /**
   * Whether an address may be asked at all, as far as it says so itself: nothing is resolved and nobody is asked.
   * Throws `OutgoingFailed`: `invalid_url`, `insecure_url` or `forbidden_address`.
   */
  check(url: string): void
}

const longestUrl = 2048

/** RFC 9110 §4.2: an address that may be asked at all. Throws `OutgoingFailed`. */
function checkedUrl(text: string, isNamed: (url: URL) => boolean): URL {
  const url = text.length <= longestUrl ? URL.parse(text) : null
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') {
    throw new OutgoingFailed('invalid_url', url?.host ?? 'unreadable')
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isNamed(url))) {
    throw new OutgoingFailed('insecure_url', url.host)
  }
  return url
}

function permitsFor(url: URL, isNamed: boolean): (address: string) => boolean {
  const literal = literalAddress(url.hostname)
  return (address) => {
    const kind = addressKind(address)
    if (url.protocol === 'http:') return isNamed && kind === 'loopback'
    if (kind === 'public') return true
    return isNamed && (kind !== 'special' || literal !== undefined)
  }
}

/** RFC 6761 §6.3: names that are this machine, whatever resolves them. */
const isLocalhost = (hostname: string): boolean => /(?:^|\.)localhost\.?$/.test(hostname)

interface Target {
  readonly url: URL
  permits(address: string): boolean
}

/** Where a request would go, as far as the address itself allows it. Throws `OutgoingFailed`. */
function targetOf(text: string, isNamedHost: (url: URL) => boolean): Target {
  const url = checkedUrl(text, isNamedHost)
  const isNamed = isNamedHost(url)
  const permits = permitsFor(url, isNamed)
  const literal = literalAddress(url.hostname)
  const isForbidden = literal === undefined ? isLocalhost(url.hostname) && !isNamed : !permits(literal)
  if (isForbidden) throw new OutgoingFailed('forbidden_address', url.host)
  return { url, permits }
}

const mediaTypeOf = (head: AnswerHead): string =>
  (head.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

const isJsonSuffixed = (type: string): boolean => /^application\/[\w.!#$&^-]+\+json$/.test(type)

const isAccepted = (accept: readonly string[], type: string): boolean =>
  accept.some((one) => one === type || (one === 'application/*+json' && isJsonSuffixed(type)))

function inspectFor(host: string, accept: readonly string[], maxBytes: number) {
  return (head: AnswerHead): void => {
    const { status } = head
    // A redirect would choose the next address after this one was checked.
    if (status >= 300 && status < 400) throw new OutgoingFailed('redirected', host, { status })
    if (status !== 200) throw new OutgoingFailed('wrong_status', host, { status })
    if (!isAccepted(accept, mediaTypeOf(head))) throw new OutgoingFailed('wrong_type', host)
    // None was asked for, and what is compressed may be a thousand times as large.
    if ((head.header('content-encoding') ?? 'identity') !== 'identity') throw new OutgoingFailed('encoded', host)
    if (Number(head.header('content-length') ?? 0) > maxBytes) throw new OutgoingFailed('too_large', host)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function textOf(host: string, { body }: TransportAnswer): string {
  try {
    return utf8.decode(body)
  } catch {
    throw new OutgoingFailed('malformed', host)
  }
}

/** Counts what is on its way, so that nobody makes this server a hammer on another one, or has it open sockets without end. */
function turnstile({ maxAtOnce, maxPerHost }: OutgoingSettings) {
  const running = new Map<string, number>()
  let total = 0
  return async <Result>(host: string, run: () => Promise<Result>): Promise<Result> => {
    const before = running.get(host) ?? 0
    if (before >= maxPerHost || total >= maxAtOnce) throw new OutgoingFailed('busy', host)
    running.set(host, before + 1)
    total += 1
    try {
      return await run()
    } finally {
      total -= 1
      const left = (running.get(host) ?? 1) - 1
      if (left === 0) running.delete(host)
      else running.set(host, left)
    }
  }
}

const failed = (error: unknown, host: string, signal: AbortSignal): OutgoingFailed => {
  if (error instanceof OutgoingFailed) return error
  return new OutgoingFailed(signal.aborted ? 'timed_out' : 'unreachable', host, { cause: error })
}

/**
 * Asks other servers, and only those on the Internet: https, no address that is private, special or this machine unless
 * allowed by name, checked where the connection is made; no redirects, no cookies, nothing compressed, bounded in time,
 * size and number (RFC 8725bis §3.10, OWASP SSRF).
 */
export function outgoing(options: OutgoingOptions = {}): Outgoing {
  const settings = outgoingSettings(options)
  const { isNamed, maxBytes: usualMost, timeout: usualTimeout } = settings
  const pass = turnstile(settings)
  let transport = options.transport && Promise.resolve(options.transport)
  const transportOf = (): Promise<Transport> => {
    // Loaded when first needed: programs that ask nobody, and runtimes without sockets, never load it.
    transport ??= import('./node-transport.ts').then(({ nodeTransport }) => nodeTransport({ ...options, isNamed }))
    return transport
  }
  return {
    check: (url) => void targetOf(url, isNamed),
    async send({ url: text, form, headers, accept, maxBytes = usualMost, timeout = usualTimeout }) {
      const { permits, url } = targetOf(text, isNamed)
      const { host } = url
      const body = form?.toString()
      const signal = AbortSignal.timeout(timeout)
      const inspect = inspectFor(host, accept, maxBytes)
      const count = (bytes: number): void => {
        if (bytes > maxBytes) throw new OutgoingFailed('too_large', host)
      }
      const sent = {
        accept: accept.join(', '),
        'accept-encoding': 'identity',
        'user-agent': 'cardea',
        ...(body !== undefined && {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': String(Buffer.byteLength(body)),
        }),
        ...headers,
      }
      const method = body === undefined ? 'GET' : 'POST'
      return pass(host, async () => {
        try {
          const send = await transportOf()
          const answer = await send({ method, url, headers: sent, body, signal, permits, inspect, count })
          return { type: mediaTypeOf(answer), body: textOf(host, answer), header: answer.header }
        } catch (error) {
          throw failed(error, host, signal)
        }
      })
    },
  }
}
