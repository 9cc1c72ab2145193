/** What happened, for audit, metrics and "why was this refused". Never holds a secret, token, code, cookie or password. */
export type CardeaEvent =
  | {
      readonly type: 'token_issued'
      readonly grantType: string
      readonly clientId: string
      readonly userId?: string
      readonly scope: readonly string[]
      readonly authorizationId?: string
    }
  | {
      readonly type: 'code_issued'
      readonly clientId: string
      readonly userId: string
      readonly scope: readonly string[]
      readonly authorizationId: string
    }
  | {
      /** RFC 9700 §2.1.1: a client sends the same `code_challenge` again and again. */
      readonly type: 'challenge_repeated'
      readonly clientId: string
      /** That it was good for, in this process. */
      readonly codes: number
    }
  | {
      readonly type: 'request_refused'
      /** Name of the endpoint, `resource` for what is protected, `none` where no endpoint is. */
      readonly endpoint: string
      readonly code: string
      readonly reason: string
      readonly clientId?: string
    }
  | { readonly type: 'client_authenticated'; readonly clientId: string; readonly method: string }
  | {
      readonly type: 'token_authenticated'
      readonly clientId: string
      readonly userId?: string
      /** Of the Authorization header: one of these, or one of the host. */
      readonly scheme: 'Bearer' | 'OAuth' | (string & {})
    }
  | {
      readonly type: 'client_authentication_failed'
      /** Absent for an unknown one: what was sent as an id may be anything, a secret in the wrong field too. */
      readonly clientId?: string
      readonly reason: string
      readonly remoteAddress?: string
    }
  | { readonly type: 'signed_in'; readonly userId: string; readonly remoteAddress?: string }
  | {
      readonly type: 'sign_in_failed'
      readonly reason: 'wrong_credentials' | 'too_many_attempts'
      readonly remoteAddress?: string
    }
  | { readonly type: 'signed_out'; readonly userId: string }
  | {
      readonly type: 'consent_given'
      readonly clientId: string
      readonly userId: string
      readonly scope: readonly string[]
    }
  | { readonly type: 'consent_denied'; readonly clientId: string; readonly userId?: string }
  /** A device asks to be allowed, and shows its code (RFC 8628 §3.2). */
  | { readonly type: 'device_requested'; readonly clientId: string; readonly scope: readonly string[] }
  | {
      readonly type: 'device_approved'
      readonly clientId: string
      readonly userId: string
      readonly scope: readonly string[]
    }
  | { readonly type: 'device_denied'; readonly clientId: string; readonly userId: string }
  | {
      readonly type: 'user_code_refused'
      /** `unknown` may also be expired, answered, or entered by another user before. */
      readonly reason: 'unknown' | 'too_many_attempts'
      readonly userId?: string
      readonly remoteAddress?: string
    }
  | {
      readonly type: 'token_revoked'
      /** `oauth1`: a token credential, by the exchange that was to end it. */
      readonly kind: 'access' | 'refresh' | 'oauth1'
      readonly clientId: string
      readonly authorizationId?: string
    }
  | {
      readonly type: 'authorization_revoked'
      readonly authorizationId: string
      readonly clientId: string
      readonly reason: 'code_replayed' | 'refresh_token_reused' | 'revocation_request'
    }
  | {
      readonly type: 'client_registered' | 'client_updated'
      readonly clientId: string
      /** Name of the registration policy. */
      readonly policy: string
      /** Whom the initial access token was given to. Absent: it needed none. */
      readonly label?: string
      readonly remoteAddress?: string
    }
  | {
      readonly type: 'client_deleted'
      readonly clientId: string
      /** `unused`: nothing that was issued to it was left. */
      readonly reason: 'request' | 'unused'
    }
  /** A key of this server was replaced by the one that was to follow it. */
  | {
      readonly type: 'key_rotated'
      /** For signatures, or for what is encrypted to this server. */
      readonly use: 'sig' | 'enc'
      readonly algorithm: string
      readonly kid: string
      /** The key that was in use until now. */
      readonly retired: string
      /** `secret_gone`: none of the secrets of this instance opens the old one any more. */
      readonly reason: 'request' | 'schedule' | 'secret_gone'
    }
  | { readonly type: 'internal_error'; readonly endpoint: string; readonly error: unknown }
  | { readonly type: 'storage_unavailable'; readonly endpoint: string; readonly error: unknown }
  /** A document or an answer of another server could not be had. */
  | { readonly type: 'remote_unavailable'; readonly endpoint: string; readonly error: unknown }

/** What an event is called. */
export type EventType = CardeaEvent['type']

/** The event of that name. */
export type EventOf<T extends EventType> = Extract<CardeaEvent, { readonly type: T }>

/**
 * Hears of one type of event. A promise it returns is awaited: the next listener, and the answer to the request, wait for
 * it. What it throws or rejects with is reported on the console and goes no further, so that an audit log cannot break a
 * request; a promise that never settles holds the answer back for ever.
 */
export type EventListener<T extends EventType = EventType> = (event: EventOf<T>) => unknown

/** Hears of every event, before the listeners of its type do; the same holds for it. */
export type EventSink = (event: CardeaEvent) => unknown

/** Tells of an event. Never throws and never rejects; a promise only where a listener is still at it. */
export type Emit = (event: CardeaEvent) => Promise<void> | undefined
