import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { type AgentOptions, Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import * as tls from 'node:tls'
import { literalAddress } from './address-kind.ts'
import { OutgoingFailed } from './outgoing-failed.ts'
import { byQuestion, bySystem, type Resolve } from './resolve.ts'
import type { AnswerHead, Transport, TransportAnswer, TransportRequest } from './transport.ts'

export interface NodeTransportOptions {
  /** Default: by questions to the name servers, and as the operating system does it for hosts that are named. */
  readonly resolve?: Resolve
  /** Whether the operator has allowed a host by name. Default: none. */
  readonly isNamed?: (url: URL) => boolean
  /** Certificates of authorities to trust besides the usual ones, in PEM. */
  readonly ca?: string | readonly string[]
  /** Milliseconds for which a connection is kept that nobody uses. Default 4000. */
  readonly idleTimeout?: number
}

/** Whether the address that is connected to was permitted. */
interface Checked {
  address: boolean
}

/**
 * The addresses are checked where the connection is made and handed to it: nothing is resolved a second time, so a name
 * that changes its mind in between (DNS rebinding) gains nothing.
 */
function checkedLookup({ url, permits }: TransportRequest, resolve: Resolve, checked: Checked): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const [first] = found
        // One address that is not permitted is enough: a public one beside it is only the bait.
        if (first === undefined || !found.every(({ address }) => permits(address))) {
          return callback(
            new OutgoingFailed(first === undefined ? 'unreachable' : 'forbidden_address', url.host),
            '',
            4,
          )
        }
        checked.address = true
        const all = found.map(({ address, family }) => ({ address, family }))
        return options.all ? callback(null, all) : callback(null, first.address, first.family)
      },
      (cause) => callback(new OutgoingFailed('unreachable', url.host, { cause }), '', 4),
    )
  }
}

function headOf({ statusCode = 0, headers }: IncomingMessage): AnswerHead {
  return {
    status: statusCode,
    header: (name) => {
      const value = headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
  }
}

interface Settle {
  readonly resolve: (answer: TransportAnswer) => void
  readonly reject: (error: unknown) => void
}

function read(message: IncomingMessage, { inspect, count }: TransportRequest, { resolve, reject }: Settle): void {
  const head = headOf(message)
  const chunks: Buffer[] = []
  let total = 0
  const orReject = (check: () => void): void => {
    try {
      check()
    } catch (error) {
      reject(error)
      message.destroy()
    }
  }
  message.on('error', reject)
  message.on('data', (chunk: Buffer) => {
    total += chunk.length
    chunks.push(chunk)
    orReject(() => count(total))
  })
  // Of what broke off in the middle only the end of the connection tells: half a document is none.
  message.on('end', () => resolve({ ...head, body: Buffer.concat(chunks) }))
  orReject(() => inspect(head))
}

/** Those of NODE_EXTRA_CA_CERTS too, where this Node.js tells them (22.15 and later). */
function usualAuthorities(): readonly string[] {
  const { getCACertificates }: Partial<typeof tls> = tls
  return getCACertificates?.('default') ?? tls.rootCertificates
}

/**
 * Read once, not for every connection: that takes 20 milliseconds, for which everybody else would wait, and strangers say where
 * connections go. Runtimes that only look like Node.js know `ca` alone.
 */
function trusting(ca: readonly string[]): Pick<AgentOptions, 'ca' | 'secureContext'> {
  const all = [...usualAuthorities(), ...ca]
  const isNode = !('Bun' in globalThis || 'Deno' in globalThis)
  return isNode ? { secureContext: tls.createSecureContext({ ca: all }) } : { ca: all }
}

const mostIdle = 64

/** Whoever has many names would otherwise have as many connections kept open as it likes, for as long as it likes. */
function keepFew<Kept extends HttpAgent>(agent: Kept): Kept {
  const keep = agent.keepSocketAlive.bind(agent)
  agent.keepSocketAlive = (socket) => {
    const kept = Object.values(agent.freeSockets).reduce((sum, sockets = []) => sum + sockets.length, 0)
    return kept < mostIdle && keep(socket)
  }
  return agent
}

/** By the sockets of Node.js. Connections are kept for a moment, for the next request to the same host. */
export function nodeTransport({ resolve, ca, idleTimeout = 4000, isNamed }: NodeTransportOptions = {}): Transport {
  const http = keepFew(new HttpAgent({ keepAlive: true, timeout: idleTimeout }))
  const authorities = ca === undefined ? {} : trusting(typeof ca === 'string' ? [ca] : ca)
  const https = keepFew(new HttpsAgent({ keepAlive: true, timeout: idleTimeout, ...authorities }))
  const open = (asked: TransportRequest, checked: Checked): ClientRequest => {
    const { method, headers, url, signal } = asked
    const lookup = checkedLookup(asked, resolve ?? (isNamed?.(url) === true ? bySystem : byQuestion), checked)
    return url.protocol === 'https:'
      ? requestHttps(url, { method, headers, signal, lookup, agent: https })
      : requestHttp(url, { method, headers, signal, lookup, agent: http })
  }
  const once = (asked: TransportRequest): Promise<TransportAnswer> =>
    new Promise((resolveAnswer, reject) => {
      const checked: Checked = { address: literalAddress(asked.url.hostname) !== undefined }
      const request = open(asked, checked)
      request.on('response', (message) => {
        // A runtime that resolved the name in its own way has told us of no address.
        if (checked.address || request.reusedSocket) return read(message, asked, { resolve: resolveAnswer, reject })
        reject(new OutgoingFailed('forbidden_address', asked.url.host))
        message.destroy()
      })
      request.on('error', (error) => reject(request.reusedSocket ? new ClosedMeanwhile(error) : error))
      request.on('close', () => reject(new Error('the connection was closed')))
      request.end(asked.body)
    })
  return async (asked) => {
    for (;;) {
      try {
        return await once(asked)
      } catch (error) {
        // A kept connection that the other side had closed: the request never arrived, a new connection will do.
        if (!(error instanceof ClosedMeanwhile) || asked.signal.aborted) throw error
      }
    }
  }
}

class ClosedMeanwhile extends Error {
  constructor(cause: unknown) {
    super('a kept connection was closed', { cause })
  }
}
