import type { TextList } from '../core/rules/text-list.ts'

export type { TextList } from '../core/rules/text-list.ts'

/** A value, or a promise of it: every function of the host may be asynchronous. */
export type Awaitable<T> = T | Promise<T>

/**
 * A client as a host keeps it: a row, with the names of RFC 7591 §2. What is absent, null or empty has the default of
 * RFC 7591. Further members are the host's own.
 */
export interface ClientRow {
  /** RFC 6749 §2.2. Unique, public, never reused. */
  readonly client_id: string
  /** Readable secret. Better keep its hash: see `client_secret_hash`. */
  readonly client_secret?: string | null
  /** What `hashClientSecret` made of the secret; comes before `client_secret`. */
  readonly client_secret_hash?: string | null
  /** Epoch seconds; 0: does not expire. */
  readonly client_secret_expires_at?: number | null
  /** Epoch seconds. Default 0. */
  readonly client_id_issued_at?: number | null
  /** Shown to people. Default: the id. */
  readonly client_name?: string | null
  /** Where people may be sent back to, compared character by character (RFC 9700 §4.1.3). */
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
  /** Its home page. */
  readonly client_uri?: string | null
  /** Its picture; the default pages show none. */
  readonly logo_uri?: string | null
  /** What it does with data of people. */
  readonly policy_uri?: string | null
  /** Its terms of service. */
  readonly tos_uri?: string | null
  /** Nothing of it is accepted any more. */
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
  /** RFC 6749 §2.2. `getClientId` comes before it. */
  readonly client_id?: string
  /** RFC 6749 §2.2: unique and public. */
  getClientId(): Awaitable<string>
  /** Used where a request names none; one more redirect URI. */
  getDefaultRedirectUri?(): Awaitable<string | null | undefined>
  /** Empty: no scope at all. Null: the request is refused with `invalid_scope`. @param scope empty where none was asked for */
  getAllowedScope?(scope: string): Awaitable<string | null>
  /** Whether people may be sent back to it. */
  checkRedirectUri?(redirectUri: string): Awaitable<boolean>
  /** Compare in constant time. */
  checkClientSecret?(clientSecret: string): Awaitable<boolean>
  /**
   * Whether it may authenticate by that method.
   * @param endpoint `token`
   */
  checkEndpointAuthMethod?(method: string, endpoint: string): Awaitable<boolean>
  /** Whether it may ask for that at the authorization endpoint. */
  checkResponseType?(responseType: string): Awaitable<boolean>
  /** Whether it may use that at the token endpoint. */
  checkGrantType?(grantType: string): Awaitable<boolean>
}

/** What the host's `clients.find` gives. */
export type HostClient = ClientRow | ClientModel

/** The host's clients. */
export interface HostClients<Row extends HostClient = HostClient> {
  /** By `client_id`; nothing when there is none. */
  find(clientId: string): Awaitable<Row | undefined | null>
}
