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

/**
 * A registered application. Names are those of RFC 7591 §2, in records as on the wire; what RFC 7591 has no name for
 * is Cardea's own and says so.
 */
export interface Client {
  readonly client_id: string
  readonly client_name: string
  readonly redirect_uris: readonly string[]
  readonly grant_types: readonly string[]
  readonly response_types: readonly string[]
  readonly token_endpoint_auth_method: ClientAuthMethodName
  /** RFC 7591 §2 / OIDC Registration §2: `native` clients may use loopback and private-use redirect URIs. */
  readonly application_type: 'web' | 'native'
  /** Ceiling of what this client may be granted, space separated. Absent: every scope there is. */
  readonly scope?: string
  readonly client_uri?: string
  readonly logo_uri?: string
  readonly policy_uri?: string
  readonly tos_uri?: string
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
}

export const isConfidential = (client: Client): boolean => client.token_endpoint_auth_method !== 'none'

export const mayUseGrantType = (client: Client, grantType: string): boolean => client.grant_types.includes(grantType)
