import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpRequest } from '../http/request.ts'
import { receivedFromFastify } from './fastify-received.ts'
import { answerFastify, type FastifyReply } from './fastify-reply.ts'
import { defaultMaxBodyBytes } from './fetch-request.ts'
import type { IncomingOptions } from './incoming.ts'
import { NodeRequest } from './node-request.ts'
import { send } from './node-response.ts'
import { answerOf, isAnswer } from './oauth-answer.ts'

/** A request of Express, or of Fastify around the message. */
export type PlatformRequest = IncomingMessage | { readonly raw: IncomingMessage }

/** A response of Express, or of Fastify around Node's. */
export type PlatformResponse = ServerResponse | FastifyReply

/** A handler that hands the request to verbs of an `AuthorizationServer`. It returns their answer, or answers by itself. */
export type OAuthHandler<Asked extends PlatformRequest, Answered extends PlatformResponse> = (
  request: HttpRequest,
  platformRequest: Asked,
  platformResponse: Answered,
) => unknown

/**
 * A route of NestJS around verbs of an `AuthorizationServer`, for methods of controllers that take `@Req()` and `@Res()`:
 * sends what the verbs answer, their refusals included. What else the handler throws is for exception filters.
 */
export function oauth<Asked extends PlatformRequest, Answered extends PlatformResponse>(
  handler: OAuthHandler<Asked, Answered>,
  { trustProxy, maxBodyBytes = defaultMaxBodyBytes }: IncomingOptions = {},
): (request: Asked, response: Answered) => Promise<void> {
  return async (asked, response) => {
    const request =
      'raw' in asked
        ? new NodeRequest(asked.raw, trustProxy, maxBodyBytes, receivedFromFastify(asked))
        : new NodeRequest(asked, trustProxy, maxBodyBytes)
    const given = await answerOf(() => handler(request, asked, response))
    if (!isAnswer(given)) return
    if ('writeHead' in response) send(response, given)
    else answerFastify(response, given)
  }
}
