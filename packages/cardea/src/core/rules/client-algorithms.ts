import { isSigningAlgorithm, publicKeyAlgorithms, secretKeyAlgorithms } from '../crypto/jose/algorithms.ts'
import type { Client } from '../model/client.ts'

const signing = [
  'token_endpoint_auth_signing_alg',
  'request_object_signing_alg',
  'authorization_signed_response_alg',
  'introspection_signed_response_alg',
] as const satisfies readonly (keyof Client)[]

const encryption = [
  ['request_object_encryption_alg', 'request_object_encryption_enc'],
  ['authorization_encrypted_response_alg', 'authorization_encrypted_response_enc'],
  ['introspection_encrypted_response_alg', 'introspection_encrypted_response_enc'],
] as const satisfies readonly (readonly [keyof Client, keyof Client])[]

const ofMethod: Readonly<Record<string, readonly string[]>> = {
  private_key_jwt: publicKeyAlgorithms,
  client_secret_jwt: secretKeyAlgorithms,
}

/** `none` would let everybody sign in the name of the client (RFC 8725bis §3.2), so it is no algorithm anywhere. */
function signingProblem(client: Client): string | undefined {
  for (const name of signing) {
    const algorithm = client[name]
    if (algorithm !== undefined && !isSigningAlgorithm(algorithm))
      return `${name}: must be the name of a signature algorithm, and not none`
  }
  const { request_object_signing_alg: ofRequests, token_endpoint_auth_method: method } = client
  const ofAssertions = client.token_endpoint_auth_signing_alg
  if (ofAssertions !== undefined && ofMethod[method]?.includes(ofAssertions) !== true)
    return `token_endpoint_auth_signing_alg: ${ofAssertions} does not go with the method ${method}`
  if (ofRequests !== undefined && !publicKeyAlgorithms.some((name) => name === ofRequests) && method === 'none')
    return 'request_object_signing_alg: a public client has no secret to sign with'
  return undefined
}

function encryptionProblem(client: Client): string | undefined {
  for (const [alg, enc] of encryption) {
    if (client[enc] !== undefined && client[alg] === undefined) return `${enc}: needs ${alg} beside it`
  }
  const hasKeys = client.jwks !== undefined || client.jwks_uri !== undefined
  // What the server encrypts for a client is encrypted for its key.
  const encrypted = (['authorization_encrypted_response_alg', 'introspection_encrypted_response_alg'] as const).find(
    (name) => client[name] !== undefined,
  )
  return encrypted === undefined || hasKeys ? undefined : `${encrypted}: needs jwks or jwks_uri`
}

/** What is wrong with the algorithms that a client asks for (RFC 7591 §2 and what extends it), or undefined. */
export const clientAlgorithmsProblem = (client: Client): string | undefined =>
  signingProblem(client) ?? encryptionProblem(client)
