import type { IncomingMessage } from 'node:http'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import { defaultMaxBodyBytes, requestFrom, responseFrom } from './fetch-request.ts'
import type { TrustProxy } from './forwarded.ts'
import { NodeRequest } from './node-request.ts'

/** A request as fetch handlers, node:http or the engine's own adapters have it. */
export type Incoming = Request | IncomingMessage | HttpRequest

/** A Web Request is answered with a Web Response; for the others, `send` writes the answer. */
export type AnswerTo<Asked extends Incoming> = Asked extends Request ? Response : HttpResponse

/** How a request is read that comes from node:http. */
export interface IncomingOptions {
  /** Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Default: none. */
  readonly trustProxy?: TrustProxy
  /** Bytes a body may have. Default 131072. */
  readonly maxBodyBytes?: number
}

export const isFetchRequest = (request: Incoming): request is Request =>
  'headers' in request && typeof (request as Request).headers.get === 'function'

const isNodeRequest = (request: Incoming): request is IncomingMessage => 'rawHeaders' in request

/** The request as the engine sees it. */
export function httpRequestOf(request: Incoming, options: IncomingOptions = {}): HttpRequest {
  const { trustProxy, maxBodyBytes = defaultMaxBodyBytes } = options
  if (isFetchRequest(request)) return requestFrom(request, {}, maxBodyBytes)
  return isNodeRequest(request) ? new NodeRequest(request, trustProxy, maxBodyBytes) : request
}

/** The answer in the kind the request has. */
export const answerTo = <Asked extends Incoming>(request: Asked, answer: HttpResponse): AnswerTo<Asked> =>
  (isFetchRequest(request) ? responseFrom(answer, request.method) : answer) as AnswerTo<Asked>
