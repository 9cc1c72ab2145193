import type { Engine } from './core/ports/engine.ts'
import type { ProtocolError } from './core/spec/errors.ts'
import { protocolErrorOf } from './http/protocol-error-of.ts'
import type { HttpResponse } from './http/response.ts'
import type { Present } from './interaction/presenter.ts'
import { refusalAsForm, refusalAsJson } from './oauth1/answers.ts'
import { refusalOf } from './oauth1/refusal-of.ts'
import { tokenErrorResponse } from './oauth2/token/endpoint.ts'

/** The one place where what was thrown becomes an answer. */
export interface Refusals {
  /** `endpoint` is its name, not the path that was asked for: whoever sends a request must not choose what is logged. */
  asJson(error: unknown, endpoint: string): HttpResponse
  asPage(error: unknown, endpoint: string): HttpResponse
  asOAuth1Form(error: unknown, endpoint: string): HttpResponse
  asOAuth1Json(error: unknown, endpoint: string): HttpResponse
  /** What to tell of anything that was thrown; reports it by an event. */
  toProtocolError(error: unknown, endpoint: string): ProtocolError
}

const headings: Readonly<Partial<Record<ProtocolError['code'], string>>> = {
  temporarily_unavailable: 'Please try again in a moment',
  server_error: 'Something went wrong on our side',
  not_found: 'There is nothing here',
  method_not_allowed: 'This page cannot be used that way',
  too_many_requests: 'Too many attempts',
}

export function refusals(engine: Engine, present: Present): Refusals {
  const realm = engine.settings.issuer
  return {
    toProtocolError: (error, endpoint) => protocolErrorOf(engine.emit, error, endpoint),
    asJson: (error, endpoint) => tokenErrorResponse(protocolErrorOf(engine.emit, error, endpoint), engine.settings),
    asOAuth1Form: (error, endpoint) => refusalAsForm(refusalOf(engine.emit, error, endpoint), realm),
    asOAuth1Json: (error, endpoint) => refusalAsJson(refusalOf(engine.emit, error, endpoint), realm),
    asPage(error, endpoint) {
      const refusal = refusalOf(engine.emit, error, endpoint)
      const { allow, code, description, status, retryAfter } = refusal
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
