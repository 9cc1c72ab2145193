import type { RequestListener } from 'node:http'
import type { CardeaEvent, Provider } from 'cardea'
import type { TrustProxy } from 'cardea/node'

/**
 * What the host has done to bodies before the adapter sees a request: nothing, parsed JSON and forms the framework's
 * usual way, or parsed them and kept the raw body beside.
 */
export type Parsers = 'none' | 'parsed' | 'raw'

export interface Setup {
  /** Path of the issuer, and where the endpoints are mounted the framework's own way; empty: at the root. */
  readonly prefix: '' | '/auth'
  readonly parsers: Parsers
  /** Whether the adapter is told to believe proxies on loopback. The framework believes everybody in every setup. */
  readonly trusting: boolean
}

export interface HostOptions extends Setup {
  readonly provider: Provider
  /** For the adapter. */
  readonly options: { readonly trustProxy?: TrustProxy }
}

/**
 * A host program: the provider's endpoints, and beside them
 * `/read` and `/write`, which need the scope of that name and answer what they learned of the token as JSON;
 * `/open`, which needs no token, and whose caller is told which client it is, as JSON, where it brings one with `read`;
 * `/echo`, which needs `read` and answers the JSON it was posted;
 * `/failing`, which needs any token and throws;
 * `/host`, open, which answers `the host`.
 */
export interface Host {
  readonly listener: RequestListener
  close?(): Promise<unknown>
}

/** A server that is up, seen from outside. */
export interface Started {
  readonly issuer: string
  readonly origin: string
  /** Epoch seconds by the server's clock. */
  now(): number
  /** What the provider has told its host; undefined where it runs in a process of its own. */
  readonly events: readonly CardeaEvent[] | undefined
  stop(): Promise<unknown>
}

export interface AdapterUnderTest {
  readonly name: string
  readonly setups: readonly Setup[]
  /** Whether a signed form reaches the protected routes in that setup. Default: always. */
  readonly takesForms?: (setup: Setup) => boolean
  /** Whether the raw body is there behind the parsers of that setup. Default: not behind those that merely parse. */
  readonly keepsBodies?: (setup: Setup) => boolean
  /** Whether the adapter sees a second Host header, which a Web Request has no place for. Default: yes. */
  readonly seesHosts?: boolean
  start(setup: Setup): Promise<Started>
}

export const keepsBodies = (setup: Setup, { keepsBodies: keeps }: AdapterUnderTest): boolean =>
  keeps?.(setup) ?? setup.parsers !== 'parsed'

export const atRoot = (parsers: Parsers): Setup => ({ prefix: '', parsers, trusting: false })
export const underPrefix = (parsers: Parsers): Setup => ({ prefix: '/auth', parsers, trusting: true })

export const everySetup: readonly Setup[] = [atRoot('none'), atRoot('parsed'), atRoot('raw'), underPrefix('none')]
