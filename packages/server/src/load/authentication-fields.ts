import { publicKeyAlgorithms } from 'cardea'
import { z } from 'zod'

/** Ways for a client to prove itself that a row may name. */
export const authMethods = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'none',
] as const

const name = z.string().min(1).max(2000)

/** What a client proves itself by, besides secrets and keys (RFC 7523 §2.2, RFC 8705 §2). */
export const authenticationFields = {
  /** Algorithm of client assertions. Absent: every one that fits the key. */
  token_endpoint_auth_signing_alg: z.enum([...publicKeyAlgorithms, 'HS256', 'HS384', 'HS512']).exactOptional(),
  /** RFC 8705 §2.1.2: one of these for `tls_client_auth`. */
  tls_client_auth_subject_dn: name.exactOptional(),
  tls_client_auth_san_dns: name.exactOptional(),
  tls_client_auth_san_uri: name.exactOptional(),
  tls_client_auth_san_ip: name.exactOptional(),
  tls_client_auth_san_email: name.exactOptional(),
  /** RFC 8705 §3.4. */
  tls_client_certificate_bound_access_tokens: z.boolean().exactOptional(),
} as const
