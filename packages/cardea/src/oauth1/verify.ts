import type { TokenCredential } from '../core/model/token-credential.ts'
import { invalidRequest, ProtocolError } from '../core/spec/errors.ts'
import type { Params } from '../http/params.ts'
import { required } from '../http/params.ts'
import type { Refusal } from './answers.ts'
import { originFrom } from './base-uri.ts'
import type { OAuth1Context } from './context.ts'
import { badRequest, OAuth1Error } from './errors.ts'
import { parametersOf } from './parameters.ts'
import { credentialOf } from './protect.ts'
import { requiredParameter, versionMustBeKnown } from './protocol-parameters.ts'
import { splitUrl } from './request-target.ts'
import type { UnverifiedRequest } from './signed-request.ts'

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/

const longestAddress = 45

/** Of whoever sent the request. Without one, wrong signatures are not counted: the asking server stands for everybody. */
function addressFrom(params: Params): string | undefined {
  const address = params.get('remote_address')
  if (address === undefined || (address.length <= longestAddress && /^[\da-f.:]+$/i.test(address))) return address
  throw invalidRequest('malformed_remote_address', 'remote_address must be an IP address')
}

/**
 * The request a resource server received, in its own words: it saw the origin and the octets, we did not. A body whose
 * `content_type` is not told is taken for a form, which is the only kind that is signed; of another kind, the resource
 * server tells the type or leaves the body out.
 */
function receivedRequest(params: Params): { request: UnverifiedRequest; origin: string } {
  const url = splitUrl(required(params, 'url'))
  const origin = url === undefined ? undefined : originFrom(url.origin)
  if (url === undefined || origin === undefined)
    throw invalidRequest('malformed_url', 'url must be the absolute http(s) URL of the request')
  const signed = parametersOf({
    query: url.query,
    authorization: params.get('authorization'),
    contentType:
      params.get('content_type') ??
      (params.get('body') === undefined ? undefined : 'application/x-www-form-urlencoded'),
    body: params.get('body'),
  })
  if (signed === undefined) throw badRequest('not_oauth1', 'The request holds no OAuth 1 parameters')
  versionMustBeKnown(signed.protocol)
  const host = origin.slice(origin.indexOf('//') + 2)
  const secure = origin.startsWith('https:') ? true : loopback.test(host) ? undefined : false
  return {
    request: {
      ...signed,
      method: required(params, 'method'),
      path: url.path,
      host,
      secure,
      remoteAddress: addressFrom(params),
    },
    origin,
  }
}

/** Neither: the asking server may not know. */
export interface Verification {
  readonly credential?: TokenCredential
  readonly problem?: Refusal
}

/**
 * Introspection for OAuth 1: whether a request that somebody else received is signed as it should be. Its nonce is
 * claimed, so the same request is valid once, wherever it is asked about. `mayAsk` tells of which clients the asking
 * server may learn; of others it is told nothing, and uses nothing up.
 * @throws ProtocolError `invalid_request` for a question that cannot be read
 */
export async function verifyReceived(
  context: OAuth1Context,
  params: Params,
  mayAsk: (clientId: string) => boolean,
): Promise<Verification> {
  try {
    const { request, origin } = receivedRequest(params)
    if (!mayAsk(requiredParameter(request.protocol, 'oauth_consumer_key'))) return {}
    const { credential } = await credentialOf({ ...context, origins: [origin] }, request)
    return { credential }
  } catch (error) {
    if (error instanceof OAuth1Error) return { problem: error }
    // Of whoever signed, and no reason for the asking server to wait.
    if (error instanceof ProtocolError && error.code === 'too_many_requests') return { problem: error }
    throw error
  }
}
