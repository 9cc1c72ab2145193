import { ProtocolError } from '../../core/spec/errors.ts'

/** RFC 9101 §7. One text for whatever is wrong inside: the client has it in its own hands, and an attacker learns nothing. */
export const invalidObject = (reason: string, cause?: unknown): ProtocolError =>
  new ProtocolError('invalid_request_object', reason, {
    description: 'The request object is not valid',
    ...(cause !== undefined && { cause }),
  })

/** RFC 9101 §7. */
export const invalidRequestUri = (reason: string, cause?: unknown): ProtocolError =>
  new ProtocolError('invalid_request_uri', reason, {
    description: 'The request_uri is not registered, or its document cannot be had',
    ...(cause !== undefined && { cause }),
  })
