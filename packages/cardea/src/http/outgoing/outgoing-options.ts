import { certificateFromPem } from '../../core/crypto/x509/certificate.ts'
import { shown } from '../../core/spec/shown.ts'
import { allowedHosts } from './allowed-hosts.ts'
import type { Resolve } from './resolve.ts'
import type { Transport } from './transport.ts'

/** Where the door leads, and how much comes through it. */
export interface OutgoingOptions {
  /**
   * Hosts, as `name` or `name:port`, that may be reached although they are on this machine or a private network.
   * Over plain http: only those of them that are this machine. Link-local addresses only where named as addresses.
   */
  readonly allowHosts?: readonly string[]
  /** Certificates of authorities to trust besides the usual ones, in PEM. */
  readonly ca?: string | readonly string[]
  /** Milliseconds from the first step to the last byte. Default 5000. */
  readonly timeout?: number
  /** Most bytes of an answer. Default 65536. */
  readonly maxBytes?: number
  /** Requests to one host at a time; more fail at once. Default 64. */
  readonly maxPerHost?: number
  /** Requests to all hosts together at a time; more fail at once. Default 256. */
  readonly maxAtOnce?: number
  /**
   * Resolves host names. Default: by questions to the name servers of this machine; as the operating system does it,
   * with its file of hosts, for those in `allowHosts`.
   */
  readonly resolve?: Resolve
  /** Connects. Default: the sockets of Node.js; `fetchTransport()` for runtimes without. */
  readonly transport?: Transport
}

/** The options, checked, with defaults filled in. */
export interface OutgoingSettings {
  readonly timeout: number
  readonly maxBytes: number
  readonly maxPerHost: number
  readonly maxAtOnce: number
  isNamed(url: URL): boolean
}

const defaults = { timeout: 5000, maxBytes: 65_536, maxPerHost: 64, maxAtOnce: 256 } as const
const names: readonly string[] = ['allowHosts', 'ca', ...Object.keys(defaults), 'resolve', 'transport']

/** What is no certificate would be passed over in silence, and every connection fail for another reason. */
function checkAuthorities(ca: unknown): void {
  const texts: readonly unknown[] = Array.isArray(ca) ? ca : [ca]
  for (const text of texts) {
    try {
      certificateFromPem(text as string)
    } catch (cause) {
      throw new TypeError('outgoing.ca: must be certificates in PEM', { cause })
    }
  }
}

/** @throws TypeError that names the option, what it got and what is valid */
export function outgoingSettings(options: OutgoingOptions): OutgoingSettings {
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`outgoing: there is no ${shown(unknown)}; valid are ${names.join(', ')}`)
  const { allowHosts = [], ca } = options
  if (ca !== undefined) checkAuthorities(ca)
  const numberOf = (name: keyof typeof defaults): number => {
    const value = options[name] ?? defaults[name]
    // Compared with NaN nothing is too much.
    if (!Number.isInteger(value) || value < 1 || value > 2 ** 31 - 1)
      throw new TypeError(`outgoing.${name}: must be a whole number from 1, got ${shown(value)}`)
    return value
  }
  return {
    timeout: numberOf('timeout'),
    maxBytes: numberOf('maxBytes'),
    maxPerHost: numberOf('maxPerHost'),
    maxAtOnce: numberOf('maxAtOnce'),
    isNamed: allowedHosts(allowHosts),
  }
}
