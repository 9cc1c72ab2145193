import { contentEncryptions, keyEncryptions } from '../core/crypto/jose/decrypt-jwe.ts'
import { JwtRefused } from '../core/crypto/jose/jwt-refused.ts'
import type { Client } from '../core/model/client.ts'
import type { Engine } from '../core/ports/engine.ts'
import { invalidRequest, ProtocolError } from '../core/spec/errors.ts'
import type { HttpRequest } from '../http/request.ts'
import { type HttpResponse, noStore } from '../http/response.ts'
import { encryptedFor, type KeySetAt } from './encrypted-for.ts'
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

const cannot = (reason: string, cause?: unknown) =>
  invalidRequest(reason, 'The answer cannot be made in the form that this client is registered for', { cause })

/** RFC 9701 §6: RS256 where the caller registered nothing; where nobody may use that, the algorithm of the server. */
function algorithmOf({ settings }: Engine, { introspection_signed_response_alg: registered }: Client) {
  const algorithm = settings.serverAlgorithms.find((name) => name === (registered ?? 'RS256'))
  if (algorithm !== undefined || registered === undefined) return algorithm
  throw cannot('introspection_alg_not_supported')
}

/** RFC 9701 §6: encrypted after it was signed, where the caller wants that; never in clear then. */
async function encrypted(client: Client, jwt: string, keySetAt: KeySetAt): Promise<string> {
  const { introspection_encrypted_response_alg: alg, introspection_encrypted_response_enc: enc } = client
  try {
    return await encryptedFor(client, { alg, enc }, jwt, keySetAt)
  } catch (error) {
    if (error instanceof JwtRefused) throw cannot('introspection_not_encrypted', error)
    throw error
  }
}

/** RFC 9701 §5: the answer as a JWT for the one who asked, where it was asked for so. */
export async function signedIntrospection(
  asked: EndpointRequest,
  response: HttpResponse,
  keySetAt: KeySetAt,
): Promise<HttpResponse> {
  const { client, engine, request } = asked
  if (client === undefined || response.status !== 200 || !isWanted(request.header('accept'))) return response
  const claims = {
    iss: engine.settings.issuer,
    aud: client.client_id,
    iat: engine.clock.now(),
    token_introspection: JSON.parse(response.body),
  }
  const jwt = await engine.keys.sign({ typ: 'token-introspection+jwt', claims }, algorithmOf(engine, client))
  const body = await encrypted(client, jwt, keySetAt)
  return { status: 200, headers: { ...response.headers, ...noStore, 'content-type': mediaType }, body }
}

/** RFC 9701 §5: a 400 for who wants a JWT and names nobody; wrong credentials are a 401 as ever (RFC 7662 §2.3). */
export function unauthenticatedIntrospection(request: HttpRequest, error: unknown): unknown {
  const isNobody = error instanceof ProtocolError && error.reason === 'no_client_credentials'
  if (!isNobody || !isWanted(request.header('accept'))) return error
  const { code, reason, description } = error
  return new ProtocolError(code, reason, { status: 400, ...(description !== undefined && { description }) })
}

/** RFC 9701 §7. */
export const signedIntrospectionMetadata = ({ serverAlgorithms }: Engine['settings']) => ({
  introspection_signing_alg_values_supported: serverAlgorithms,
  introspection_encryption_alg_values_supported: keyEncryptions,
  introspection_encryption_enc_values_supported: contentEncryptions,
})
