import type { PushedRequest } from '../../core/model/pushed-request.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import { paramsFrom, required } from '../../http/params.ts'
import type { ReceivedParams, RequestSource } from '../authorize/request-source.ts'
import { isReference, referenceDigest } from './request-reference.ts'

/** One text for all: whoever tries references learns nothing of those that there are. */
const refused = (reason: string): ProtocolError =>
  new ProtocolError('invalid_request_uri', reason, {
    description: 'This request_uri is unknown, was used, has expired or belongs to another client',
  })

async function pushedRequest({ engine, params }: ReceivedParams, requestUri: string): Promise<PushedRequest> {
  const clientId = required(params, 'client_id', 'No client id supplied')
  const digest = referenceDigest(requestUri)
  const pushed = digest === undefined ? undefined : await engine.store.pushedRequests.find(digest)
  if (pushed === undefined) throw refused('request_uri_unknown')
  if (pushed.clientId !== clientId) throw refused('request_uri_of_another_client')
  if (pushed.takenAt !== undefined) throw refused('request_uri_used')
  if (engine.clock.now() >= pushed.expiresAt) throw refused('request_uri_expired')
  return pushed
}

/** RFC 9126 §4: the request that its client has pushed, and nothing that stands beside the reference. */
export const pushedRequestSource: RequestSource = {
  parameter: 'request_uri',
  async resolve(received) {
    const requestUri = received.params.get('request_uri') ?? ''
    if (!isReference(requestUri)) return undefined
    const { digest, parameters, signed = false } = await pushedRequest(received, requestUri)
    return {
      // They were parsed, and repeats refused, when they came.
      params: paramsFrom(parameters, { repeatable: parameters.map(([name]) => name) }),
      origin: { pushed: true, signed },
      once: { kind: 'pushed', digest },
    }
  },
}
