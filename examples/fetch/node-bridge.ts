import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { App } from './app.ts'

function requestFrom(message: IncomingMessage, origin: string): Request {
  const { method = 'GET', rawHeaders, url = '/' } = message
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const body = hasBody ? (Readable.toWeb(message) as ReadableStream<Uint8Array>) : null
  return new Request(origin + url, { method, headers, ...(hasBody && { body, duplex: 'half' }) })
}

async function answer(app: App, origin: string, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { remoteAddress } = message.socket
  try {
    // Without the address, guessing limits would count the whole world as one network.
    const answered = await app(requestFrom(message, origin), remoteAddress === undefined ? {} : { remoteAddress })
    response.statusCode = answered.status
    response.setHeaders(answered.headers)
    response.end(Buffer.from(await answered.arrayBuffer()))
  } catch {
    // A method or target that no Request can hold.
    if (!response.headersSent) response.writeHead(400)
    response.end()
  }
}

/** Serves a fetch handler from node:http, for as long as Node.js has no server that speaks fetch. */
export const nodeBridge =
  (app: App, origin: string): RequestListener =>
  (message, response) =>
    void answer(app, origin, message, response)
