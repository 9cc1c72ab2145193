import { invalidRequest } from '../../core/spec/errors.ts'
import type { OriginRule } from '../authorize/request-source.ts'

/** RFC 9126 §5 and §6: whose requests must have been pushed. Holds for a client that wants it even where nobody can push. */
export const pushedRule =
  (ofAll: boolean): OriginRule =>
  (client, { pushed }) =>
    pushed || !(ofAll || client.require_pushed_authorization_requests)
      ? undefined
      : invalidRequest('request_not_pushed', 'Requests of this client must be pushed first (RFC 9126)')
