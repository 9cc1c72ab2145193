import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'

/** Milliseconds between two looks for connections that have nothing left to do. */
const lookInterval = 50

/** Knows what is under way on a server, so that it can be stopped without breaking any of it. */
export interface Drain {
  /** Wraps the handler whose requests are to be finished. */
  wrap(handler: RequestListener): RequestListener
  /** Watches a server's connections. */
  watch(server: Server): void
  /**
   * Accepts nothing more and resolves when everything accepted was answered, or after `grace` milliseconds, when what
   * is left is cut off. Returns how many requests were cut off.
   */
  stop(grace: number): Promise<number>
}

/** As `close` of node:net, and not of node:http, which also cuts connections on which a request may be arriving. */
const stopListening = (server: Server): Promise<void> =>
  new Promise((resolve) => NetServer.prototype.close.call(server, () => resolve()))

/**
 * Answers under way. Slots are used again, so that under load nothing here is allocated: a Map that is added to and taken
 * from all the time leaves a chain of tables behind, each of which the garbage collector keeps for the sake of the one
 * before, together with every answer that was in it.
 */
function underWay() {
  const slots: (ServerResponse | undefined)[] = []
  const free: number[] = []
  return {
    add(response: ServerResponse): () => void {
      const slot = free.pop() ?? slots.length
      slots[slot] = response
      return () => {
        slots[slot] = undefined
        free.push(slot)
      }
    },
    count: (): number => slots.length - free.length,
    all: (): ServerResponse[] => slots.filter((response) => response !== undefined),
  }
}

export function drain(): Drain {
  const active = underWay()
  const sockets = new Set<Socket>()
  const servers: Server[] = []
  let stopping = false
  const closeAfter = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('connection', 'close')
  }
  /** Browsers open connections ahead of need; nothing was asked on them, so nothing is lost. */
  const closeUnused = (): void => {
    for (const server of servers) server.closeIdleConnections()
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }
  return {
    wrap: (handler) => (request: IncomingMessage, response: ServerResponse) => {
      response.once('close', active.add(response))
      if (stopping) closeAfter(response)
      handler(request, response as Parameters<RequestListener>[1])
    },
    watch(server) {
      servers.push(server)
      server.on('connection', (socket: Socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
      })
    },
    async stop(grace) {
      stopping = true
      for (const response of active.all()) closeAfter(response)
      const closed = Promise.all(servers.map(stopListening))
      let cutOff = 0
      // After what has arrived was read: a request on its way through a kept connection is not answered by a reset.
      const look = setInterval(() => setImmediate(closeUnused), lookInterval)
      const end = setTimeout(() => {
        cutOff = active.count()
        for (const server of servers) server.closeAllConnections()
        for (const socket of sockets) socket.destroy()
      }, grace)
      await closed
      clearInterval(look)
      clearTimeout(end)
      return cutOff
    },
  }
}
