import { publicKeyAlgorithms, serverAlgorithms } from 'cardea'
import { z } from 'zod'

const keyEncryption = z.enum([
  'RSA-OAEP-256',
  'RSA-OAEP',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
])
const contentEncryption = z.enum(['A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512'])

/** What a client is registered with for its authorization requests and the answers to them. */
export const requestFields = {
  /** Public keys that it signs with, and that answers are encrypted to (RFC 7517 §5). */
  jwks: z.strictObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) }).exactOptional(),
  jwks_uri: z.string().exactOptional(),
  /** RFC 9126 §6. */
  require_pushed_authorization_requests: z.boolean().exactOptional(),
  /** RFC 9101 §10.5. */
  require_signed_request_object: z.boolean().exactOptional(),
  /** Redirects of a native client to `localhost` may differ in port. */
  localhost_any_port: z.boolean().exactOptional(),
  /** Private-use schemes without a dot that its redirect URIs may have. */
  redirect_schemes: z.array(z.string()).exactOptional(),
  /** RFC 9449 §5.2. */
  dpop_bound_access_tokens: z.boolean().exactOptional(),
  request_object_signing_alg: z.enum(publicKeyAlgorithms).exactOptional(),
  request_object_encryption_alg: keyEncryption.exactOptional(),
  request_object_encryption_enc: contentEncryption.exactOptional(),
  /** Where its request objects may be fetched. */
  request_uris: z.array(z.string()).exactOptional(),
  /** JARM §3. */
  authorization_signed_response_alg: z.enum(serverAlgorithms).exactOptional(),
  authorization_encrypted_response_alg: keyEncryption.exactOptional(),
  authorization_encrypted_response_enc: contentEncryption.exactOptional(),
  /** RFC 9701 §6. */
  introspection_encrypted_response_alg: keyEncryption.exactOptional(),
  introspection_encrypted_response_enc: contentEncryption.exactOptional(),
  /** RFC 9396 §10. Absent: every type there is. */
  authorization_details_types: z.array(z.string().min(1).max(200)).exactOptional(),
} as const
