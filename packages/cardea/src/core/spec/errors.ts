import { errorDescriptionFrom } from './error-description.ts'

/** Error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1 and RFC 7009 §2.2.1, with the HTTP status each is answered by. */
export const errorStatus = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  unsupported_token_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  access_denied: 403,
  login_required: 400,
  consent_required: 400,
  interaction_required: 400,
  request_not_supported: 400,
  request_uri_not_supported: 400,
  invalid_request_uri: 400,
  invalid_request_object: 400,
  invalid_authorization_details: 400,
  authorization_pending: 400,
  slow_down: 400,
  expired_token: 400,
  registration_not_supported: 400,
  invalid_redirect_uri: 400,
  invalid_client_metadata: 400,
  invalid_software_statement: 400,
  unapproved_software_statement: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  invalid_dpop_proof: 400,
  use_dpop_nonce: 400,
  insufficient_user_authentication: 401,
  unmet_authentication_requirements: 400,
  insecure_transport: 400,
  method_not_allowed: 405,
  not_found: 404,
  request_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  server_error: 500,
  temporarily_unavailable: 503,
} as const satisfies Record<string, number>

/** Every error code that this server answers with, of OAuth 2 and its extensions. */
export type ErrorCode = keyof typeof errorStatus

/** What else is to be said about a refusal. */
export interface ProtocolErrorOptions {
  /** Safe text for developers, without secrets. */
  readonly description?: string
  /** Overrides the status that goes with the code. */
  readonly status?: number
  /** Seconds after which a retry makes sense; sent as `Retry-After`. */
  readonly retryAfter?: number
  /** Methods for the `Allow` header of a 405. */
  readonly allow?: readonly string[]
  /** Scope for the challenge of RFC 6750 §3. */
  readonly scope?: string
  /** More attributes of the challenge at a protected resource (RFC 9470 §3). */
  readonly challenge?: Readonly<Record<string, string>>
  /** Headers that go with the answer, by lower-case name, such as a new nonce (RFC 9449 §8). */
  readonly headers?: Readonly<Record<string, string>>
  /** What it came from, for the host alone. */
  readonly cause?: unknown
}

/** Where the client is told of a refused authorization request (RFC 6749 §4.1.2.1). */
export interface ErrorRedirect {
  /** `client_id` of whom is told. */
  readonly clientId: string
  /** Where to; proven to be the client's. */
  readonly redirectUri: string
  /** How the answer travels. */
  readonly responseMode: string
  /** RFC 6749 §4.1.1: goes back as it came. */
  readonly state: string | undefined
}

/**
 * A refusal that a client may be told of. `code` goes on the wire, `reason` is a stable word for logs, events and
 * tests, `description` is safe text (RFC 6749 §5.2 charset) that says what to fix without telling an attacker anything.
 */
export class ProtocolError extends Error {
  /** The registered error code that the client is told. */
  readonly code: ErrorCode
  /** Why exactly, as one stable word for logs, events and tests. */
  readonly reason: string
  /** `error_description`: for developers, without secrets. */
  readonly description: string | undefined
  /** HTTP status of an answer that is no redirect. */
  readonly status: number
  /** Seconds, for the header Retry-After. */
  readonly retryAfter: number | undefined
  /** Methods that the endpoint has, for the header Allow. */
  readonly allow: readonly string[] | undefined
  /** What the request would have needed (RFC 6750 §3). */
  readonly scope: string | undefined
  /** More attributes of the challenge at a protected resource. */
  readonly challenge: Readonly<Record<string, string>> | undefined
  /** Headers that go with the answer. */
  readonly headers: Readonly<Record<string, string>> | undefined

  constructor(code: ErrorCode, reason: string, options: ProtocolErrorOptions = {}) {
    super(`${code}: ${reason}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ProtocolError'
    this.code = code
    this.reason = reason
    this.description = options.description === undefined ? undefined : errorDescriptionFrom(options.description)
    this.status = options.status ?? errorStatus[code]
    this.retryAfter = options.retryAfter
    this.allow = options.allow
    this.scope = options.scope
    this.challenge = options.challenge
    this.headers = options.headers
  }

  /** Present only where client and redirect URI were proven before the refusal: nothing else may be redirected to. */
  get redirect(): ErrorRedirect | undefined {
    return undefined
  }

  /** RFC 6749 §5.2: the members of the answer. */
  toJSON(): { error: ErrorCode; error_description?: string } {
    return this.description === undefined
      ? { error: this.code }
      : { error: this.code, error_description: this.description }
  }
}

const factory =
  (code: ErrorCode) =>
  (reason: string, description?: string, options: Omit<ProtocolErrorOptions, 'description'> = {}): ProtocolError =>
    new ProtocolError(code, reason, description === undefined ? options : { ...options, description })

export const invalidRequest = factory('invalid_request')
export const invalidClient = factory('invalid_client')
export const invalidGrant = factory('invalid_grant')
export const unauthorizedClient = factory('unauthorized_client')
export const unsupportedGrantType = factory('unsupported_grant_type')
export const unsupportedResponseType = factory('unsupported_response_type')
export const invalidScope = factory('invalid_scope')
export const invalidTarget = factory('invalid_target')
export const accessDenied = factory('access_denied')
export const invalidToken = factory('invalid_token')
export const insufficientScope = factory('insufficient_scope')
export const notFound = factory('not_found')
export const tooManyRequests = factory('too_many_requests')

export const methodNotAllowed = (allow: readonly string[]): ProtocolError =>
  new ProtocolError('method_not_allowed', 'method_not_allowed', {
    description: `Use ${allow.join(' or ')} for this endpoint`,
    allow,
  })
