import dns from 'node:dns'
import { Resolver, lookup as systemLookup } from 'node:dns/promises'

/** What a host name leads to. */
export interface ResolvedAddress {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string
  /** Which of the two. */
  readonly family: 4 | 6
}

/** Addresses of a host name. Rejects when there are none. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>

/** As the operating system does it, with its file of hosts: for names that the operator has chosen. */
export const bySystem: Resolve = async (hostname) =>
  (await systemLookup(hostname, { all: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }))

const patience = { timeout: 1500, tries: 2 } as const

/**
 * Milliseconds for addresses of the other family once there are some (RFC 8305 §3). Name servers that never answer about
 * IPv6 would otherwise take most of the time that there is for the document.
 */
const otherFamily = 300

const hasNoServer = (reason: unknown): boolean =>
  reason instanceof Error && Reflect.get(reason, 'code') === 'ECONNREFUSED'

/** Addresses of both families, as far as they come. */
async function askedFor(hostname: string, resolver: Resolver) {
  const questions = [resolver.resolve4(hostname), resolver.resolve6(hostname)] as const
  Promise.any(questions).then(
    () => setTimeout(() => resolver.cancel(), otherFamily).unref(),
    () => undefined,
  )
  return Promise.allSettled(questions)
}

/**
 * By questions to the name servers. The operating system answers two names at a time and waits for each, so two names of
 * a stranger whose servers are silent would keep this process from resolving any other.
 */
export const byQuestion: Resolve = async (hostname) => {
  // Those that the process was given by `dns.setServers`, too: asked of the module, whose functions that call replaces.
  const servers = dns.getServers()
  if (servers.length === 0) return bySystem(hostname)
  const resolver = new Resolver(patience)
  resolver.setServers(servers)
  const [four, six] = await askedFor(hostname, resolver)
  const found: readonly ResolvedAddress[] = [
    ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 as const })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 as const })) : []),
  ]
  if (found.length > 0 || four.status === 'fulfilled') return found
  // No server to ask: there are other ways by which systems know names.
  if (hasNoServer(four.reason)) return bySystem(hostname)
  throw four.reason
}
