import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

/** An HTTP server on a free port of 127.0.0.1 that answers raw bytes with raw text. */
export interface Loopback {
  readonly server: Server
  readonly origin: string
  /**
   * Sends the bytes over a connection of their own and returns all that comes back until the server closes it.
   * Rejects after `patience` milliseconds: a server that neither answers nor closes hangs.
   */
  exchange(bytes: string | Buffer, options?: ExchangeOptions): Promise<string>
  close(): Promise<void>
}

export interface ExchangeOptions {
  /** Default 5000. */
  readonly patience?: number
  /** End our side once everything is sent. Default true. */
  readonly end?: boolean
}

function exchange(port: number, bytes: string | Buffer, { patience = 5000, end = true }: ExchangeOptions) {
  return new Promise<string>((resolve, reject) => {
    let received = ''
    const socket = connect(port, '127.0.0.1')
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`no end of the answer after ${patience} ms, so far: ${JSON.stringify(received)}`))
    }, patience)
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      received += chunk
    })
    // A reset is one way to close; what came before it counts.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(received)
    })
    if (end) socket.end(bytes)
    else socket.write(bytes)
  })
}

export async function listenOnLoopback(listener: RequestListener): Promise<Loopback> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    server,
    origin: `http://127.0.0.1:${port}`,
    exchange: (bytes, options = {}) => exchange(port, bytes, options),
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
