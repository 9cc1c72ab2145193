/** RFC 7800 §3: the key whose holder alone may use a token. */
export interface Confirmation {
  /** RFC 9449 §6.1: JWK thumbprint (RFC 7638, SHA-256, base64url) of the key that signs DPoP proofs. */
  readonly jkt?: string
  /** RFC 8705 §3.1: SHA-256 of the client certificate's DER, base64url. */
  readonly 'x5t#S256'?: string
}

/** RFC 9396 §2: what is allowed, in more words than a scope has. `type` says which members there are. */
export interface AuthorizationDetail {
  readonly type: string
  readonly [member: string]: unknown
}

/** RFC 8693 §4.1: who acts for the subject, and for whom that one acts. */
export interface Actor {
  readonly sub: string
  readonly client_id?: string
  readonly iss?: string
  readonly act?: Actor
}

/** What was decided about an authorization besides its scope. It is kept with the code and every token that follows. */
export interface GrantFacts {
  /** RFC 8707 §2: the protected resources it is for; absent: whichever takes our tokens. */
  readonly resources?: readonly string[]
  readonly confirmation?: Confirmation
  readonly authorizationDetails?: readonly AuthorizationDetail[]
  readonly actor?: Actor
  /** Epoch seconds at which the user signed in (RFC 9470 §6.2). */
  readonly authTime?: number
  /** RFC 9470 §6.2. */
  readonly acr?: string
  /** RFC 8176. */
  readonly amr?: readonly string[]
}
