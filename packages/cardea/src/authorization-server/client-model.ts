/** A value, or a promise of it: every function of the host may be asynchronous. */
export type Awaitable<T> = T | Promise<T>

/** A list, or text as a column keeps it: separated by blanks, commas or line breaks. */
export type TextList = string | readonly string[] | null

/**
 * A client as a host keeps it: a row, with the names of RFC 7591 §2. What is absent, null or empty has the default of
 * RFC 7591. Further members are the host's own.
 */
export interface ClientRow {
  readonly client_id: string
  /** Readable secret. Better keep its hash: see `client_secret_hash`. */
  readonly client_secret?: string | null
  /** What `hashClientSecret` made of the secret; comes before `client_secret`. */
  readonly client_secret_hash?: string | null
  /** Epoch seconds; 0: does not expire. */
  readonly client_secret_expires_at?: number | null
  readonly client_id_issued_at?: number | null
  /** Shown to people. Default: the id. */
  readonly client_name?: string | null
  readonly redirect_uris?: TextList
  /** Used where a request names none; one more redirect URI. */
  readonly default_redirect_uri?: string | null
  /** Ceiling of what it may be granted, separated by blanks. Absent: every scope there is; empty: none. */
  readonly scope?: string | null
  /** Default `authorization_code`. */
  readonly grant_types?: TextList
  /** Default `code`. */
  readonly response_types?: TextList
  /** One column for several, as Authlib's models have it; used where `grant_types` is absent. */
  readonly grant_type?: TextList
  /** Used where `response_types` is absent. */
  readonly response_type?: TextList
  /** Default `client_secret_basic`, and `none` for a client that has no secret. */
  readonly token_endpoint_auth_method?: string | null
  /** `native` clients may use loopback and private-use redirect URIs. Default `web`. */
  readonly application_type?: string | null
  readonly client_uri?: string | null
  readonly logo_uri?: string | null
  readonly policy_uri?: string | null
  readonly tos_uri?: string | null
  readonly disabled?: boolean | number | null
  /** The operator's own application: consent is not asked for. */
  readonly first_party?: boolean | number | null
  /** May introspect tokens of every client, as a resource server does. */
  readonly introspect_any?: boolean | number | null
}

/**
 * A client as an object with the methods of Authlib's `ClientMixin`. Each can only refuse more than its record allows;
 * what the object has no record of, the method decides. `getAllowedScope` also chooses where a request names no scope.
 * Redirect URIs that the object names are compared by Cardea itself, whole.
 */
export interface ClientModel extends Omit<ClientRow, 'client_id'> {
  readonly client_id?: string
  getClientId(): string
  getDefaultRedirectUri?(): string | null | undefined
  /** Empty: no scope at all. Null: the request is refused with `invalid_scope`. @param scope empty where none was asked for */
  getAllowedScope?(scope: string): Awaitable<string | null>
  checkRedirectUri?(redirectUri: string): Awaitable<boolean>
  /** Compare in constant time. */
  checkClientSecret?(clientSecret: string): Awaitable<boolean>
  /** @param endpoint `token` */
  checkEndpointAuthMethod?(method: string, endpoint: string): Awaitable<boolean>
  checkResponseType?(responseType: string): Awaitable<boolean>
  checkGrantType?(grantType: string): Awaitable<boolean>
}

/** What the host's `clients.find` gives. */
export type HostClient = ClientRow | ClientModel

/** The host's clients. */
export interface HostClients<Row extends HostClient = HostClient> {
  find(clientId: string): Awaitable<Row | undefined | null>
}
