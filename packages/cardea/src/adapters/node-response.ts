import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { HttpResponse } from '../http/response.ts'
import { serverFailed } from './server-failed.ts'

function write(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  const sent = { 'content-length': Buffer.byteLength(body), ...headers }
  // node's type wants mutable lists.
  response.writeHead(status, sent as OutgoingHttpHeaders)
  response.end(body)
}

/** Answers a request of node:http. What cannot be sent is told on the console, and answered with a 500. */
export function send(response: ServerResponse, answer: HttpResponse): void {
  // The client went away, or the host has answered already: there is nobody to tell.
  if (response.destroyed || response.headersSent) return
  try {
    write(response, answer)
  } catch (error) {
    // Thrown on, it would leave the request open, and end the process as a rejection that nobody handles.
    console.error('cardea: an answer cannot be sent', error)
    write(response, serverFailed)
  }
}

/** A body that was refused for its size is not read to its end: the connection goes with it. */
export const closingIfUnread = (message: IncomingMessage, answer: HttpResponse): HttpResponse =>
  answer.status === 413 && !message.complete
    ? { ...answer, headers: { ...answer.headers, connection: 'close' } }
    : answer
