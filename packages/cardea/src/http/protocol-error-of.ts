import type { EventSink } from '../core/ports/events.ts'
import { ProtocolError } from '../core/spec/errors.ts'
import { StorageUnavailable } from '../core/spec/storage-error.ts'
import { OutgoingFailed } from './outgoing/outgoing-failed.ts'

/** What to tell of anything that was thrown. Public text only: what went wrong inside is in the event. */
export function protocolErrorOf(emit: EventSink, error: unknown, endpoint: string): ProtocolError {
  if (error instanceof ProtocolError) {
    emit({ type: 'request_refused', endpoint, code: error.code, reason: error.reason })
    return error
  }
  if (error instanceof StorageUnavailable) {
    emit({ type: 'storage_unavailable', endpoint, error })
    return new ProtocolError('temporarily_unavailable', 'storage_unavailable', {
      description: 'The server cannot store anything at the moment',
      retryAfter: error.retryAfter,
      cause: error,
    })
  }
  if (error instanceof OutgoingFailed) {
    // Fails closed, and tells which of two servers is at fault.
    emit({ type: 'remote_unavailable', endpoint, error })
    return new ProtocolError('temporarily_unavailable', `remote_${error.problem}`, {
      description: 'Another server that must be asked does not answer as it should',
      retryAfter: 5,
      cause: error,
    })
  }
  emit({ type: 'internal_error', endpoint, error })
  return new ProtocolError('server_error', 'internal_error', {
    description: 'The server failed on this request',
    cause: error,
  })
}
