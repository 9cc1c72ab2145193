import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import { receivedFromFastify } from './fastify-received.ts'
import { defaultMaxBodyBytes } from './fetch-request.ts'
import type { IncomingOptions } from './incoming.ts'
import { NodeRequest } from './node-request.ts'
import { send } from './node-response.ts'
import { answerOf, isAnswer } from './oauth-answer.ts'

/** A request of Express, or of Fastify around the message. */
export type PlatformRequest = IncomingMessage | { readonly raw: IncomingMessage }

/** A response of Express, or of Fastify around Node's. */
export type PlatformResponse =
  | ServerResponse
  | {
      code(status: number): unknown
      header(name: string, value: string | string[]): unknown
      send(payload: Buffer): unknown
    }

/** A handler that hands the request to verbs of an `AuthorizationServer`. It returns their answer, or answers by itself. */
export type OAuthHandler<Asked extends PlatformRequest, Answered extends PlatformResponse> = (
  request: HttpRequest,
  platformRequest: Asked,
  platformResponse: Answered,
) => unknown

function answer(response: PlatformResponse, { status, headers, body }: HttpResponse): void {
  if ('writeHead' in response) {
    send(response, { status, headers, body })
    return
  }
  response.code(status)
  for (const [name, value] of Object.entries(headers)) {
    if (value.length > 0) response.header(name, typeof value === 'string' ? value : [...value])
  }
  // Bytes: to the type of a text Fastify would add a charset, which JSON does not have.
  response.send(Buffer.from(body))
}

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
    if (isAnswer(given)) answer(response, given)
  }
}
