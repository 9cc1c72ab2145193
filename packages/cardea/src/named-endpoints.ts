import type { Refuse, Route } from './http/router.ts'
import type { Endpoint } from './oauth2/endpoint.ts'
import { type ChainParts, endpointChain } from './oauth2/endpoint-chain.ts'

/** Endpoints that answer to a name, of the host and our own. */
export interface NamedEndpoints {
  readonly routes: readonly Route[]
  /** What they add to the server metadata. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** One of ours, which comes after those that the host has under its name. */
export interface OwnEndpoint {
  readonly endpoint: Endpoint
  readonly paths: readonly string[]
}

interface Parts extends ChainParts {
  readonly refuse: Refuse
}

const pathsOf = ({ path = [] }: Endpoint): readonly string[] => (typeof path === 'string' ? [path] : path)

const prefixOf = (issuer: string): string => new URL(issuer).pathname.replace(/\/+$/, '')

const isPath = (path: unknown): path is string =>
  typeof path === 'string' && /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/.test(path)

/** Those of one name share one path: two places for one chain would be two endpoints. */
function sharedPaths(prefix: string, name: string, endpoints: readonly Endpoint[], own: readonly string[]) {
  let paths = own
  for (const endpoint of endpoints) {
    const wrong = pathsOf(endpoint).find((path) => !isPath(path))
    if (wrong !== undefined)
      throw new TypeError(`endpoints.${name}: path must look like /userinfo, got ${JSON.stringify(wrong)}`)
    const asked = pathsOf(endpoint).map((path) => prefix + path)
    if (asked.length === 0) continue
    if (paths.length > 0 && asked.join(' ') !== paths.join(' '))
      throw new TypeError(
        `endpoints.${name}: is at ${paths.join(', ')} already; endpoints of one name share their path`,
      )
    paths = asked
  }
  if (paths.length === 0) throw new TypeError(`endpoints.${name}: the first of this name needs a path`)
  return paths
}

/** @throws TypeError when two say different things of one member */
function metadataOf(issuer: string, routes: readonly Route[], endpoints: readonly Endpoint[]): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  for (const endpoint of endpoints) {
    const path = routes.find(({ name }) => name === endpoint.name)?.paths[0] ?? ''
    const said = endpoint.metadata?.(new URL(issuer).origin + path) ?? {}
    for (const [member, value] of Object.entries(said)) {
      if (Object.hasOwn(members, member) && members[member] !== value)
        throw new TypeError(`endpoints.${endpoint.name}: the metadata member ${member} is there already`)
      members[member] = value
    }
  }
  return members
}

/** @throws TypeError that names the endpoint and what is wrong with it */
export function namedEndpoints(
  parts: Parts,
  endpoints: readonly Endpoint[],
  own: readonly OwnEndpoint[],
): NamedEndpoints {
  const { issuer } = parts.engine.settings
  const names = new Set([...own.map(({ endpoint }) => endpoint.name), ...endpoints.map(({ name }) => name)])
  const routes = [...names].map((name): Route => {
    const last = own.find(({ endpoint }) => endpoint.name === name)
    const ofHost = endpoints.filter((endpoint) => endpoint.name === name)
    const chain = last === undefined ? ofHost : [...ofHost, last.endpoint]
    return {
      name,
      paths: sharedPaths(prefixOf(issuer), name, chain, last?.paths ?? []),
      methods: endpointChain(parts, name, chain),
      refuse: parts.refuse,
      cors: (last?.endpoint ?? ofHost[0])?.cors ?? false,
    }
  })
  return { routes, metadata: metadataOf(issuer, routes, [...endpoints, ...own.map(({ endpoint }) => endpoint)]) }
}
