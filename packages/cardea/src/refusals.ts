import type { Engine } from './core/ports/engine.ts'
import { ProtocolError } from './core/spec/errors.ts'
import { StorageUnavailable } from './core/spec/storage-error.ts'
import type { HttpResponse } from './http/response.ts'
import type { Present } from './interaction/presenter.ts'
import { type Refusal, refusalAsForm, refusalAsJson } from './oauth1/answers.ts'
import { OAuth1Error } from './oauth1/errors.ts'
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

/** Public text only: what went wrong inside is in the event, never in the answer. */
function toProtocolError(engine: Engine, error: unknown, endpoint: string): ProtocolError {
  if (error instanceof ProtocolError) {
    engine.emit({ type: 'request_refused', endpoint, code: error.code, reason: error.reason })
    return error
  }
  if (error instanceof StorageUnavailable) {
    engine.emit({ type: 'storage_unavailable', endpoint, error })
    const options = {
      description: 'The server cannot store anything at the moment',
      retryAfter: error.retryAfter,
      cause: error,
    }
    return new ProtocolError('temporarily_unavailable', 'storage_unavailable', options)
  }
  engine.emit({ type: 'internal_error', endpoint, error })
  return new ProtocolError('server_error', 'internal_error', {
    description: 'The server failed on this request',
    cause: error,
  })
}

/** OAuth 1 has errors of its own; what it shares with everything else stays what it is. */
function toRefusal(engine: Engine, error: unknown, endpoint: string): Refusal {
  if (!(error instanceof OAuth1Error)) return toProtocolError(engine, error, endpoint)
  engine.emit({ type: 'request_refused', endpoint, code: error.code, reason: error.reason })
  return error
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
    toProtocolError: (error, endpoint) => toProtocolError(engine, error, endpoint),
    asJson: (error, endpoint) => tokenErrorResponse(toProtocolError(engine, error, endpoint), engine.settings),
    asOAuth1Form: (error, endpoint) => refusalAsForm(toRefusal(engine, error, endpoint), realm),
    asOAuth1Json: (error, endpoint) => refusalAsJson(toRefusal(engine, error, endpoint), realm),
    asPage(error, endpoint) {
      const refusal = toRefusal(engine, error, endpoint)
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
