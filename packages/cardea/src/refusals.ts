import type { Engine } from './core/ports/engine.ts'
import type { EventSink } from './core/ports/events.ts'
import type { ProtocolError } from './core/spec/errors.ts'
import { protocolErrorOf } from './http/protocol-error-of.ts'
import type { HttpResponse } from './http/response.ts'
import type { Present } from './interaction/presenter.ts'
import { refusalAsForm, refusalAsJson } from './oauth1/answers.ts'
import { refusalOf } from './oauth1/refusal-of.ts'
import { tokenErrorResponse } from './oauth2/token/endpoint.ts'

/** The one place where what was thrown becomes an answer; it waits for whoever hears of the refusal. */
export interface Refusals {
  /** `endpoint` is its name, not the path that was asked for: whoever sends a request must not choose what is logged. */
  asJson(error: unknown, endpoint: string): Promise<HttpResponse>
  asPage(error: unknown, endpoint: string): Promise<HttpResponse>
  asOAuth1Form(error: unknown, endpoint: string): Promise<HttpResponse>
  asOAuth1Json(error: unknown, endpoint: string): Promise<HttpResponse>
  /** What to tell of anything that was thrown; reports it by an event. */
  toProtocolError(error: unknown, endpoint: string): Promise<ProtocolError>
}

const headings: Readonly<Partial<Record<ProtocolError['code'], string>>> = {
  temporarily_unavailable: 'Please try again in a moment',
  server_error: 'Something went wrong on our side',
  not_found: 'There is nothing here',
  method_not_allowed: 'This page cannot be used that way',
  too_many_requests: 'Too many attempts',
}

/** What is to be told, once whoever hears of it has. */
async function reported<T>({ emit }: Engine, refuse: (emit: EventSink) => T): Promise<T> {
  let telling: Promise<void> | undefined
  const refusal = refuse((event) => {
    telling = emit(event)
  })
  await telling
  return refusal
}

export function refusals(engine: Engine, present: Present): Refusals {
  const { settings } = engine
  const oauth2 = (error: unknown, endpoint: string) =>
    reported(engine, (emit) => protocolErrorOf(emit, error, endpoint))
  const either = (error: unknown, endpoint: string) => reported(engine, (emit) => refusalOf(emit, error, endpoint))
  return {
    toProtocolError: oauth2,
    asJson: async (error, endpoint) => tokenErrorResponse(await oauth2(error, endpoint), settings),
    asOAuth1Form: async (error, endpoint) => refusalAsForm(await either(error, endpoint), settings.issuer),
    asOAuth1Json: async (error, endpoint) => refusalAsJson(await either(error, endpoint), settings.issuer),
    async asPage(error, endpoint) {
      const { allow, code, description, status, retryAfter } = await either(error, endpoint)
      const heading = headings[code as ProtocolError['code']] ?? 'This request cannot be answered'
      const view = { heading, message: description ?? 'The request is not valid', code, status }
      return present('error', view, {
        status,
        ...(allow !== undefined && { allow }),
        ...(retryAfter !== undefined && { retryAfter }),
      })
    },
  }
}
