import type { RequestListener, Server } from 'node:http'
import type { Provider, Store } from 'cardea'
import { nodeHandler, type TrustProxy } from 'cardea/node'
import type { Logger } from 'pino'
import type { Config } from '../config/schema.ts'
import { drain } from './drain.ts'
import { healthRoutes, routedBy } from './health.ts'
import { startHousekeeping } from './housekeeping.ts'
import { httpServer, listen } from './listen.ts'
import { sendMethodNotAllowed, sendNotFound } from './plain-answers.ts'
import type { TlsFiles } from './production-problems.ts'
import { trustedProxies } from './trusted-proxies.ts'

export interface ServerParts {
  readonly config: Config
  readonly provider: Provider
  readonly store: Store
  readonly log: Logger
  readonly tls: TlsFiles | undefined
  /** Addresses to listen on, all at the configured port. The first must work; of the others, those that exist. */
  readonly hosts: readonly string[]
  /** What answers besides the endpoints and health. */
  readonly routes?: (path: string) => RequestListener | undefined
}

export interface RunningServer {
  /** As in a URL: `127.0.0.1:8000`, `[::1]:8000`. */
  readonly addresses: readonly string[]
  /** Finishes what was accepted, then closes the store. Returns how many requests had to be cut off. */
  stop(): Promise<number>
}

/** Browsers then keep to https for this host: nobody on the way can talk them down to http. */
const strictTransport = 'max-age=31536000'

/** Whom they speak for, and with which certificate. */
function proxiesFrom(
  { mutualTls: { proxyFormat = 'rfc9440', proxyHeader } }: Config,
  list: readonly string[],
): TrustProxy {
  const isTrusted = trustedProxies(list)
  return proxyHeader === undefined
    ? isTrusted
    : { isTrusted, clientCertificate: { name: proxyHeader, format: proxyFormat } }
}

function handlerFor(parts: ServerParts, isStopping: () => boolean): RequestListener {
  const { provider, store, config, routes } = parts
  const health = healthRoutes({ store, isStopping })
  const fallback = routedBy((path) => health(path) ?? routes?.(path), sendNotFound)
  const { trustedProxies: proxies } = config
  const endpoints = nodeHandler(provider, {
    fallback,
    ...(proxies !== undefined && proxies.length > 0 && { trustProxy: proxiesFrom(config, proxies) }),
  })
  const secure = provider.issuer.startsWith('https:')
  return (request, response) => {
    if (secure) response.setHeader('strict-transport-security', strictTransport)
    // TRACE sends back what it got, cookies and credentials included.
    if (request.method === 'TRACE') sendMethodNotAllowed(response, 'GET, HEAD, POST, OPTIONS')
    else endpoints(request, response)
  }
}

const isAbsent = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes((cause as NodeJS.ErrnoException | undefined)?.code ?? '')
}

/** Starts to listen. @throws CommandFailure when it cannot; then nothing is left open but the store */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, provider, store, log, tls } = parts
  const drained = drain()
  let stopping = false
  const handler = drained.wrap(handlerFor(parts, () => stopping))
  const servers: Server[] = []
  const addresses: string[] = []
  try {
    for (const host of parts.hosts) {
      const options = { host, port: config.port, tls, maxConnections: config.maxConnections }
      const server = httpServer(options, handler)
      try {
        const { address, port, family } = await listen(server, options)
        addresses.push(family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`)
      } catch (error) {
        if (servers.length > 0 && isAbsent(error)) continue
        throw error
      }
      drained.watch(server)
      servers.push(server)
    }
  } catch (error) {
    for (const server of servers) server.close()
    throw error
  }
  const housekeeping = startHousekeeping(provider, config.housekeeping.interval, log)
  return {
    addresses,
    async stop() {
      stopping = true
      const cutOff = await drained.stop(config.shutdown.grace * 1000)
      await housekeeping.stop()
      await store.close()
      return cutOff
    },
  }
}
