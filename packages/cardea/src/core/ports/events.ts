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
      readonly scheme: 'Bearer' | 'OAuth'
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
  | { readonly type: 'internal_error'; readonly endpoint: string; readonly error: unknown }
  | { readonly type: 'storage_unavailable'; readonly endpoint: string; readonly error: unknown }

/** Takes events in order. Must not throw; what it throws is dropped, so that an audit sink cannot break a request. */
export type EventSink = (event: CardeaEvent) => void
