import { type ServerAlgorithm, serverAlgorithms } from '../core/model/server-algorithm.ts'
import { invalidRequest } from '../core/spec/errors.ts'
import { type HttpResponse, noStore } from '../http/response.ts'
import type { EndpointRequest } from './endpoint.ts'

const mediaType = 'application/token-introspection+jwt'

/** RFC 9110 §12.5.1: only who names the type gets it; `*`+`/*` is said by everybody. */
function isWanted(accept: string | undefined): boolean {
  if (accept === undefined || !accept.toLowerCase().includes(mediaType)) return false
  return accept
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()))
    .some(([type, ...params]) => type === mediaType && !params.some((param) => /^q=0(?:\.0*)?$/.test(param)))
}

/** RFC 9701 §6: RS256 where the caller registered nothing; where nobody may use that, the algorithm of the server. */
function algorithmOf({ client, engine }: EndpointRequest): ServerAlgorithm | undefined {
  const { introspection_signed_response_alg: registered, introspection_encrypted_response_alg } = client ?? {}
  const algorithm = engine.settings.serverAlgorithms.find((name) => name === (registered ?? 'RS256'))
  const isKnown = algorithm !== undefined || registered === undefined
  if (isKnown && introspection_encrypted_response_alg === undefined) return algorithm
  // What somebody wants encrypted must not travel in clear.
  throw invalidRequest(
    'introspection_alg_not_supported',
    'The registered algorithms of signed answers are not supported',
  )
}

/** RFC 9701 §5: the answer as a JWT for the one who asked, where it was asked for so. */
export async function signedIntrospection(asked: EndpointRequest, response: HttpResponse): Promise<HttpResponse> {
  const { client, engine, request } = asked
  if (client === undefined || response.status !== 200 || !isWanted(request.header('accept'))) return response
  const claims = {
    iss: engine.settings.issuer,
    aud: client.client_id,
    iat: engine.clock.now(),
    token_introspection: JSON.parse(response.body),
  }
  const body = await engine.keys.sign({ typ: 'token-introspection+jwt', claims }, algorithmOf(asked))
  return { status: 200, headers: { ...response.headers, ...noStore, 'content-type': mediaType }, body }
}

/** RFC 9701 §7. */
export const signedIntrospectionMetadata = { introspection_signing_alg_values_supported: serverAlgorithms } as const
