import { constants } from 'node:crypto'
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { CommandFailure, exitCode } from '../cli/exit-codes.ts'
import type { TlsFiles } from './production-problems.ts'

export type ConnectionLimits = ServerOptions & { readonly headersTimeout: number }

/** Bounds on what one connection may hold and for how long: slow and oversized requests are the cheapest attacks. */
export const connectionLimits: ConnectionLimits = {
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  // Longer than the 60 seconds after which common balancers drop an idle connection, so that they do it, not we.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
  insecureHTTPParser: false,
  requireHostHeader: true,
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly tls: TlsFiles | undefined
  readonly maxConnections: number
}

/** Node counts header time from the end of the handshake on, and would wait two minutes for that end. */
const tlsOptions = (tls: TlsFiles, limits: ConnectionLimits) =>
  ({
    ...limits,
    ...tls,
    // A handshake that fails tells a client nothing, and self-signed certificates count where they are registered.
    rejectUnauthorized: false,
    handshakeTimeout: limits.headersTimeout,
    minVersion: 'TLSv1.2',
    // Costs us more than who asks for it, and would change the certificate while a request is on its way (RFC 9325 §3.5).
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  }) as const

export function httpServer(
  options: ListenOptions,
  handler: RequestListener,
  limits: ConnectionLimits = connectionLimits,
): Server {
  const server =
    options.tls === undefined
      ? createServer(limits, handler)
      : createTlsServer(tlsOptions(options.tls, limits), handler)
  server.maxConnections = options.maxConnections
  return server
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use; stop what uses it, or choose another with --port',
  EACCES: 'may not be used by this account; choose one above 1023 with --port',
  EADDRNOTAVAIL: 'is not an address of this machine; choose another with --host or CARDEA_HOST',
  ENOTFOUND: 'is not a host name that is known here; choose another with --host or CARDEA_HOST',
}

/** @throws CommandFailure with one line that says what to do */
export async function listen(
  server: Server,
  { host, port }: Pick<ListenOptions, 'host' | 'port'>,
): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = reasons[error.code ?? ''] ?? `cannot be listened on: ${error.message}`
      reject(new CommandFailure(exitCode.failed, `Port ${port} on ${host} ${reason}`, { cause: error }))
    })
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      resolve(server.address() as AddressInfo)
    })
  })
}
