import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Listening {
  readonly port: number
  /** Ends open connections too: a browser keeps its own for minutes. */
  close(): Promise<void>
}

/** Listens on a free port of the loopback interface. The listener is made once its port is known. */
export async function listen(
  listenerFor: (port: number) => RequestListener | Promise<RequestListener>,
): Promise<Listening> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  try {
    server.on('request', await listenerFor(port))
    return { port, close }
  } catch (error) {
    await close()
    throw error
  }
}
