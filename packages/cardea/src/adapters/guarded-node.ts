import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import { defaultMaxBodyBytes } from './fetch-request.ts'
import type { IncomingOptions } from './incoming.ts'
import { NodeRequest, type Received } from './node-request.ts'
import { closingIfUnread, send } from './node-response.ts'
import { serverFailed } from './server-failed.ts'

/** A request that is let in. */
export interface Granting<Granted> {
  /** What its handler is to know. */
  readonly granted: Granted
  /** For the answer, by lower-case name, where the handler sets none of that name. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Lets a request in, or refuses it. */
export type Guard<Granted> = (request: HttpRequest) => Promise<Granting<Granted> | { readonly refused: HttpResponse }>

export interface GuardedNode<Granted> {
  readonly guard: Guard<Granted>
  readonly handler: (message: IncomingMessage, response: ServerResponse, granted: Granted) => unknown
  /** Is told of what the handler throws. */
  readonly failed: (error: unknown) => void
  readonly options: IncomingOptions
}

/** Asks the guard about a request of node:http; what it refuses can be sent as it is. */
export function nodeGuard<Granted>(
  guard: Guard<Granted>,
  { trustProxy, maxBodyBytes = defaultMaxBodyBytes }: IncomingOptions,
) {
  return async (message: IncomingMessage, received?: Received): ReturnType<Guard<Granted>> => {
    const request = new NodeRequest(message, trustProxy, maxBodyBytes, received)
    const parsedBefore = message.readableEnded
    const result = await guard(request)
    if ('refused' in result) return { refused: closingIfUnread(message, result.refused) }
    // A form that was read for its token or signature: the handler finds it where body parsers leave it.
    if (message.readableEnded && !parsedBefore) (message as { rawBody?: string }).rawBody ??= await request.text()
    return result
  }
}

/** Set before the handler runs, so that what it sets of the same name counts. */
export function presetHeaders(
  response: { setHeader(name: string, value: string): unknown },
  { headers = {} }: Pick<Granting<unknown>, 'headers'>,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

/** A handler of node:http behind a guard. */
export function guardedNode<Granted>({ guard, handler, failed, options }: GuardedNode<Granted>) {
  const ask = nodeGuard(guard, options)
  return (message: IncomingMessage, response: ServerResponse): void => {
    const run = async (): Promise<unknown> => {
      const result = await ask(message)
      if ('refused' in result) return send(response, result.refused)
      presetHeaders(response, result)
      return handler(message, response, result.granted)
    }
    run().catch((error: unknown) => {
      // An unhandled rejection would end the process, and with it every other request.
      failed(error)
      send(response, serverFailed)
    })
  }
}
