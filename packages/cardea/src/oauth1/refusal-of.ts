import type { EventSink } from '../core/ports/events.ts'
import { protocolErrorOf } from '../http/protocol-error-of.ts'
import type { Refusal } from './answers.ts'
import { OAuth1Error } from './errors.ts'

/** OAuth 1 has errors of its own; what it shares with everything else stays what it is. Reports it by an event. */
export function refusalOf(emit: EventSink, error: unknown, endpoint: string): Refusal {
  if (!(error instanceof OAuth1Error)) return protocolErrorOf(emit, error, endpoint)
  emit({ type: 'request_refused', endpoint, code: error.code, reason: error.reason })
  return error
}
