import { invalidRequest } from '../../core/spec/errors.ts'
import type { OriginRule } from '../authorize/request-source.ts'

/** RFC 9101 §10.5: whose requests must be signed. Holds for a client that wants it even where nothing signed is taken. */
export const signedRule =
  (ofAll: boolean): OriginRule =>
  (client, { signed }) =>
    signed || !(ofAll || client.require_signed_request_object)
      ? undefined
      : invalidRequest('request_not_signed', 'Requests of this client must be signed request objects (RFC 9101)')
