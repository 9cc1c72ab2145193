/** A protected resource as the operator knows it (RFC 8707): what its tokens look like and what they may say. */
export interface Resource {
  /** Absolute URI without fragment: value of `resource`, and audience of its tokens. */
  readonly identifier: string
  /** Shown on the consent page. */
  readonly name: string
  /** Scope names that make sense there; other scope is left out of its tokens. Absent: every scope there is. */
  readonly scopes?: readonly string[]
  /** `jwt`: RFC 9068. Default: the format of the server. */
  readonly token_format?: 'opaque' | 'jwt'
  /** JWS algorithm of its JWT access tokens. Default: that of the server. */
  readonly signing_alg?: string
  /** Seconds its access tokens are valid, at most. Default: the lifetime of the server. */
  readonly access_token_lifetime?: number
  /**
   * False, with `token_format: 'jwt'` only: tokens that machines get for themselves are not stored, which saves a durable
   * write each. They are not listed; introspection and revocation know them by what they say. Default true.
   */
  readonly keeps_tokens?: boolean
}
