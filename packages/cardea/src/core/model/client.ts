import type { ClientPolicy } from './client-policy.ts'
import type { TokenDigest } from './digest.ts'
import type { PublicJwk } from './signing-key.ts'

/** How a client proves itself at the token endpoint (RFC 7591 §2, `token_endpoint_auth_method`). */
export type ClientAuthMethodName = 'client_secret_basic' | 'client_secret_post' | 'none' | (string & {})

/** PKCE a client is allowed: `S256` always works; `plain` and `none` only where listed (RFC 7636 §4.2, RFC 9700 §2.1.1). */
export type PkceMode = 'S256' | 'plain' | 'none'

/** What a client of OAuth 1.0a has besides: at least one of secret and key, or it cannot sign anything. */
export interface OAuth1Registration {
  /** The shared secret, sealed under the server's keys: HMAC signatures cannot be checked against a hash. */
  readonly sealed_secret?: string
  /** PEM of the RSA public key. */
  readonly public_key?: string
  /** Callback URIs; `oob` where the client may ask for a verifier to be typed in. */
  readonly callbacks: readonly string[]
  /** Signature methods this client is limited to. Absent: all that the server has on. */
  readonly signature_methods?: readonly string[]
}

/** What extensions of OAuth 2 registered for a client (RFC 7591 §2 and the specifications named). */
export interface ClientExtensions {
  /** Public keys by value (RFC 7517 §5); never together with `jwks_uri`. */
  readonly jwks?: { readonly keys: readonly PublicJwk[] }
  readonly jwks_uri?: string
  /** JWS algorithm of client assertions (OIDC Registration §2). */
  readonly token_endpoint_auth_signing_alg?: string
  /** RFC 8705 §2.1.2: exactly one of these five for `tls_client_auth`. */
  readonly tls_client_auth_subject_dn?: string
  readonly tls_client_auth_san_dns?: string
  readonly tls_client_auth_san_uri?: string
  readonly tls_client_auth_san_ip?: string
  readonly tls_client_auth_san_email?: string
  /** RFC 8705 §3.4. */
  readonly tls_client_certificate_bound_access_tokens?: boolean
  /** RFC 9449 §5.2. */
  readonly dpop_bound_access_tokens?: boolean
  /** RFC 9101 §10.5. */
  readonly require_signed_request_object?: boolean
  readonly request_object_signing_alg?: string
  readonly request_object_encryption_alg?: string
  readonly request_object_encryption_enc?: string
  /** Request objects this client may have fetched (OIDC Registration §2). */
  readonly request_uris?: readonly string[]
  /** RFC 9126 §6. */
  readonly require_pushed_authorization_requests?: boolean
  /** JARM §3. */
  readonly authorization_signed_response_alg?: string
  readonly authorization_encrypted_response_alg?: string
  readonly authorization_encrypted_response_enc?: string
  /** RFC 9701 §6. */
  readonly introspection_signed_response_alg?: string
  readonly introspection_encrypted_response_alg?: string
  readonly introspection_encrypted_response_enc?: string
  /** RFC 9396 §10. Absent: every type there is. */
  readonly authorization_details_types?: readonly string[]
  readonly software_id?: string
  readonly software_version?: string
  readonly software_statement?: string
  /** Own: the secret of `client_secret_jwt`, sealed under the server's keys: an HMAC cannot be checked against a hash. */
  readonly sealed_secret?: string
  /** Own: protected resources it may have tokens for. Absent: all. */
  readonly resources?: readonly string[]
  /** Own: digest of the registration access token (RFC 7592 §3); present for clients that registered themselves. */
  readonly registration_access_token_digest?: TokenDigest
  /** Own: name of the registration policy it came under. */
  readonly registration_policy?: string
  /**
   * Own: it registered itself and nobody has looked at it. Errors are not redirected to it before a person was asked, and a
   * public one never gets a silent answer (RFC 9700 §4.11.2, RFC 8252 §8.6).
   */
  readonly unapproved?: boolean
  /** Own: epoch seconds; consents of before do not count, because people are sent elsewhere since then. */
  readonly consents_since?: number
  /** Own: epoch seconds from which on it goes when nothing that was issued to it is left. Absent: it stays. */
  readonly unused_until?: number
  /**
   * Own: epoch seconds at which the document was read that its id is the address of (OAuth Client ID Metadata Document).
   * Absent: its id is no such address.
   */
  readonly client_document_read?: number
  /** Own: loopback redirect URIs of a native client may differ in port also where they name `localhost` (RFC 8252 §8.3). */
  readonly localhost_any_port?: boolean
  /** Own: private-use schemes without a dot that its redirect URIs may have where it is native (RFC 8252 §8.4). Absent: none. */
  readonly redirect_schemes?: readonly string[]
}

/**
 * A registered application. Names are those of RFC 7591 §2, in records as on the wire; what RFC 7591 has no name for
 * is Cardea's own and says so.
 */
export interface Client extends ClientExtensions {
  /** RFC 6749 §2.2. Unique, public, never reused. */
  readonly client_id: string
  /** What people are shown. */
  readonly client_name: string
  /** Where people may be sent back to, compared character by character (RFC 9700 §4.1.3). */
  readonly redirect_uris: readonly string[]
  /** Grant types it may use at the token endpoint. */
  readonly grant_types: readonly string[]
  /** Response types it may ask for at the authorization endpoint. */
  readonly response_types: readonly string[]
  /** How it proves who it is; `none` for a public client. */
  readonly token_endpoint_auth_method: ClientAuthMethodName
  /** RFC 7591 §2 / OIDC Registration §2: `native` clients may use loopback and private-use redirect URIs. */
  readonly application_type: 'web' | 'native'
  /** Ceiling of what this client may be granted, space separated. Absent: every scope there is. */
  readonly scope?: string
  /** Its home page. */
  readonly client_uri?: string
  /** Its picture; the default pages show none. */
  readonly logo_uri?: string
  /** What it does with data of people. */
  readonly policy_uri?: string
  /** Its terms of service. */
  readonly tos_uri?: string
  /** Whom to write to about it, mostly addresses of mail. */
  readonly contacts?: readonly string[]
  /** Epoch seconds. */
  readonly client_id_issued_at: number
  /** Epoch seconds; 0 or absent: the secret does not expire (RFC 7591 §3.2.1). */
  readonly client_secret_expires_at?: number
  /** Own: the hashed secret (see SecretHasher). Absent for public clients by construction. */
  readonly client_secret_hash?: string
  /** Own: weaker PKCE this client is allowed besides S256. `none` is honoured for confidential clients only. */
  readonly pkce?: readonly PkceMode[]
  /** Own: consent is not asked for; set by the operator for the operator's own applications only. */
  readonly first_party?: boolean
  /** Own: may introspect tokens of every client (a resource server), not only its own. */
  readonly introspect_any?: boolean
  /** Own: response modes this client is limited to. Absent: all that are enabled. */
  readonly response_modes?: readonly string[]
  /** Own: the client speaks OAuth 1.0a. */
  readonly oauth1?: OAuth1Registration
  /** Own: nothing works for a disabled client, its live tokens included. */
  readonly disabled?: boolean
  /** Own: what a host's own client object decides besides. Never stored. */
  readonly policy?: ClientPolicy
}

export const isConfidential = (client: Client): boolean => client.token_endpoint_auth_method !== 'none'

export const mayUseGrantType = (client: Client, grantType: string): boolean => client.grant_types.includes(grantType)
