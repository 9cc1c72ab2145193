import type { TokenCredential } from '../core/model/token-credential.ts'
import type { Params } from '../http/params.ts'
import { required } from '../http/params.ts'
import { originFrom } from './base-uri.ts'
import type { OAuth1Context } from './context.ts'
import { badRequest, OAuth1Error } from './errors.ts'
import { parametersOf } from './parameters.ts'
import { credentialOf } from './protect.ts'
import { versionMustBeKnown } from './protocol-parameters.ts'
import { splitUrl } from './request-target.ts'
import type { UnverifiedRequest } from './signed-request.ts'

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/

/** The request a resource server received, in its own words: it saw the origin and the octets, we did not. */
function receivedRequest(params: Params): { request: UnverifiedRequest; origin: string } {
  const url = splitUrl(required(params, 'url'))
  const origin = url === undefined ? undefined : originFrom(url.origin)
  if (url === undefined || origin === undefined)
    throw badRequest('malformed_url', 'url must be the absolute URL of the request')
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
    request: { ...signed, method: required(params, 'method'), path: url.path, host, secure, remoteAddress: undefined },
    origin,
  }
}

export type Verification = { readonly credential: TokenCredential } | { readonly problem: OAuth1Error }

/**
 * Introspection for OAuth 1: whether a request that somebody else received is signed as it should be. Its nonce is
 * claimed, so the same request is valid once, wherever it is asked about.
 */
export async function verifyReceived(context: OAuth1Context, params: Params): Promise<Verification> {
  try {
    const { request, origin } = receivedRequest(params)
    return { credential: await credentialOf({ ...context, origins: [origin] }, request) }
  } catch (error) {
    if (error instanceof OAuth1Error) return { problem: error }
    throw error
  }
}
