/** RFC 7800 §3: the key whose holder alone may use a token. */
export interface Confirmation {
  /** RFC 9449 §6.1: JWK thumbprint (RFC 7638, SHA-256, base64url) of the key that signs DPoP proofs. */
  readonly jkt?: string
  /** RFC 8705 §3.1: SHA-256 of the client certificate's DER, base64url. */
  readonly 'x5t#S256'?: string
}

/** RFC 9396 §2: what is allowed, in more words than a scope has. `type` says which members there are. */
export interface AuthorizationDetail {
  /** Says what the other members mean. */
  readonly type: string
  readonly [member: string]: unknown
}

/** RFC 8693 §4.1: who acts for the subject, and for whom that one acts. */
export interface Actor {
  /** Who acts. */
  readonly sub: string
  /** The application that acts. */
  readonly client_id?: string
  /** Who knows `sub` by that name; absent: this server. */
  readonly iss?: string
  /** For whom that one acts in turn. */
  readonly act?: Actor
}

/** What was decided about an authorization besides its scope. It is kept with the code and every token that follows. */
export interface GrantFacts {
  /** RFC 8707 §2: the protected resources it is for; absent: whichever takes our tokens. */
  readonly resources?: readonly string[]
  /** The key whose holder alone may use the tokens. */
  readonly confirmation?: Confirmation
  /** RFC 9396 §7: what was allowed in detail. */
  readonly authorizationDetails?: readonly AuthorizationDetail[]
  /** The client it stands for, where that is another than the one that holds it, and no user (RFC 8693 §1.1). */
  readonly subject?: string
  /** Who acts for the user (RFC 8693 §4.1). */
  readonly actor?: Actor
  /** Who may act for the user (RFC 8693 §4.4). */
  readonly mayAct?: Actor
  /** Epoch seconds at which the user signed in (RFC 9470 §6.2). */
  readonly authTime?: number
  /** RFC 9470 §6.2. */
  readonly acr?: string
  /** RFC 8176. */
  readonly amr?: readonly string[]
}
