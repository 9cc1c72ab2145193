import type { IncomingMessage } from 'node:http'
import type { HttpResponse } from '../http/response.ts'
import { receivedFromFastify } from './fastify-received.ts'
import { type Guard, nodeGuard } from './guarded-node.ts'
import type { IncomingOptions } from './incoming.ts'
import type { TokenInfo } from './protection.ts'

/** What is used of the execution context of NestJS. */
export interface ExecutionContext {
  /** `http` for requests. */
  getType(): string
  /** Request and response of the platform. */
  switchToHttp(): { getRequest(): unknown; getResponse(): unknown }
}

/** A request of Express, or of Fastify around the message. */
type PlatformRequest = (IncomingMessage | { readonly raw: IncomingMessage }) & {
  oauth?: TokenInfo<unknown> | undefined
}

interface PlatformResponse {
  setHeader?(name: string, value: string | readonly string[]): unknown
  header(name: string, value: string | readonly string[]): unknown
}

export const requestIn = (context: ExecutionContext): PlatformRequest =>
  context.switchToHttp().getRequest() as PlatformRequest

function setHeaders(context: ExecutionContext, headers: HttpResponse['headers']): void {
  const response = context.switchToHttp().getResponse() as PlatformResponse
  for (const [name, value] of Object.entries(headers)) {
    if (response.setHeader !== undefined) response.setHeader(name, value)
    else response.header(name, value)
  }
}

/** Thrown and not sent, so that exception filters and interceptors of the host see it; its headers are set already. */
async function refusal(context: ExecutionContext, { status, headers, body }: HttpResponse): Promise<Error> {
  setHeaders(context, headers)
  const { HttpException } = await import('@nestjs/common')
  return new HttpException(JSON.parse(body), status)
}

/** A guard of NestJS, on Express and on Fastify. */
export class OAuthGuard {
  readonly #ask: ReturnType<typeof nodeGuard<TokenInfo<unknown> | undefined>>

  constructor(guard: Guard<TokenInfo<unknown> | undefined>, options: IncomingOptions) {
    this.#ask = nodeGuard(guard, options)
  }

  /** Lets the request in, or throws the `HttpException` that refuses it. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Other transports have no Authorization header to look at: nobody gets in there.
    if (context.getType() !== 'http') return false
    const request = requestIn(context)
    const result =
      'raw' in request ? await this.#ask(request.raw, receivedFromFastify(request)) : await this.#ask(request)
    if ('refused' in result) throw await refusal(context, result.refused)
    request.oauth = result.granted
    if (result.headers !== undefined) setHeaders(context, result.headers)
    return true
  }
}
