import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { HttpResponse } from '../http/response.ts'

/** Answers a request of node:http. */
export function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  // The client went away, or the host has answered already: there is nobody to tell.
  if (response.destroyed || response.headersSent) return
  // Copied, since node's type wants mutable lists.
  const sent: OutgoingHttpHeaders = { 'content-length': Buffer.byteLength(body) }
  for (const name in headers) sent[name] = headers[name] as string | string[]
  response.writeHead(status, sent)
  response.end(body)
}

/** A body that was refused for its size is not read to its end: the connection goes with it. */
export const closingIfUnread = (message: IncomingMessage, answer: HttpResponse): HttpResponse =>
  answer.status === 413 && !message.complete
    ? { ...answer, headers: { ...answer.headers, connection: 'close' } }
    : answer
