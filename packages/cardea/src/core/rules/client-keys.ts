import { JwtRefused } from '../crypto/jose/jwt-refused.ts'
import { isJsonObject, type JsonObject } from '../crypto/jose/strict-json.ts'
import { publicKeyFrom } from '../crypto/jose/verification-key.ts'
import type { Client } from '../model/client.ts'
import { isFetchableUrl } from './web-url.ts'

const mostKeys = 20
const longestKid = 512

const said = {
  key_not_public: 'is a private or secret key, which belongs to the client alone; send the public part',
  weak_key: 'is malformed or too weak',
} as const

const isEncryptionKey = ({ use, key_ops }: JsonObject): boolean =>
  use === 'enc' || (Array.isArray(key_ops) && !key_ops.includes('verify'))

/** What a key is for does not make it stronger: keys to encrypt for the client are held to the same. */
const asSignatureKey = ({ use: _use, key_ops: _ops, alg: _alg, ...jwk }: JsonObject): JsonObject => jwk

function keyProblem(jwk: unknown): string | undefined {
  if (!isJsonObject(jwk)) return 'is not a key'
  if (jwk.kid !== undefined && (typeof jwk.kid !== 'string' || jwk.kid === '' || jwk.kid.length > longestKid))
    return 'has a kid that is no text'
  if (jwk.alg === 'none') return 'is for the algorithm none'
  try {
    publicKeyFrom(isEncryptionKey(jwk) ? asSignatureKey(jwk) : jwk)
    return undefined
  } catch (error) {
    if (!(error instanceof JwtRefused)) throw error
    return error.problem === 'key_not_public' || error.problem === 'weak_key'
      ? said[error.problem]
      : 'is of a kind, or for a use, that is not known here'
  }
}

/** What is wrong with a key set that a client brings (RFC 7591 §2, RFC 7517 §5), or undefined. */
export function clientKeySetProblem(jwks: unknown): string | undefined {
  const keys = isJsonObject(jwks) ? jwks.keys : undefined
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > mostKeys)
    return `jwks: must be a JWK Set of 1 to ${mostKeys} keys`
  const kids = new Set<unknown>()
  for (const [index, jwk] of keys.entries()) {
    const problem = keyProblem(jwk)
    if (problem !== undefined) return `jwks: key ${index + 1} ${problem}`
    const { kid } = jwk as JsonObject
    // Two keys of one name: which of them counts would depend on who looks.
    if (kid !== undefined && kids.has(kid)) return `jwks: key ${index + 1} has the kid of another one`
    kids.add(kid)
  }
  return undefined
}

const subjects = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const satisfies readonly (keyof Client)[]

const byOwnKey = ['private_key_jwt', 'self_signed_tls_client_auth']

/** What is wrong with the keys of a client, and with what it proves itself by (RFC 7591 §2, RFC 8705 §2.1.2, §2.2.2). */
export function clientKeysProblem(client: Client): string | undefined {
  const { jwks, jwks_uri, token_endpoint_auth_method: method } = client
  if (jwks !== undefined && jwks_uri !== undefined) return 'jwks: give this or jwks_uri, not both'
  if (jwks_uri !== undefined && !isFetchableUrl(jwks_uri))
    return 'jwks_uri: must be an https URL (http on this machine only)'
  const problem = jwks === undefined ? undefined : clientKeySetProblem(jwks)
  if (problem !== undefined) return problem
  if (byOwnKey.includes(method) && jwks === undefined && jwks_uri === undefined)
    return `token_endpoint_auth_method: ${method} needs jwks or jwks_uri`
  const named = subjects.filter((name) => client[name] !== undefined)
  if (method === 'tls_client_auth' && named.length !== 1)
    return `token_endpoint_auth_method: tls_client_auth needs exactly one of ${subjects.join(', ')}`
  if (method !== 'tls_client_auth' && named[0] !== undefined)
    return `${named[0]}: is for the token_endpoint_auth_method tls_client_auth`
  return undefined
}
