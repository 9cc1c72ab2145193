import type { IncomingMessage, ServerResponse } from 'node:http'
import { defaultMaxBodyBytes } from './fetch-request.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { type Guard, guardedNode } from './guarded-node.ts'
import { type IncomingOptions, isFetchRequest } from './incoming.ts'

export type FetchHandler<Granted> = (request: Request, granted: Granted) => Response | Promise<Response>
export type NodeHandler<Granted> = (message: IncomingMessage, response: ServerResponse, granted: Granted) => unknown

export type FetchListener = (request: Request) => Promise<Response>
export type NodeListener = (message: IncomingMessage, response: ServerResponse) => void

/** A handler of either kind behind a guard, told apart by the request it is called with. */
export function guarded<Granted>(
  guard: Guard<Granted>,
  handler: FetchHandler<Granted> | NodeHandler<Granted>,
  failed: (error: unknown) => void,
  options: IncomingOptions,
): FetchListener & NodeListener {
  const onFetch = guardedFetch(guard, handler as FetchHandler<Granted>, options.maxBodyBytes ?? defaultMaxBodyBytes)
  const onNode = guardedNode({
    guard,
    handler: handler as NodeHandler<Granted>,
    failed,
    options,
  })
  function either(request: Request | IncomingMessage, response?: ServerResponse) {
    return isFetchRequest(request) ? onFetch(request) : onNode(request, response as ServerResponse)
  }
  return either as FetchListener & NodeListener
}
