import { errorDescriptionFrom } from '../core/spec/error-description.ts'

/** RFC 5849 §3.2: 400 for what is missing or unsupported, 401 for a client, token, signature or nonce that does not hold. */
export const oauth1ErrorStatus = {
  insecure_transport: 400,
  invalid_request: 400,
  unsupported_parameter: 400,
  unsupported_signature_method: 400,
  missing_required_parameter: 400,
  duplicated_oauth_protocol_parameter: 400,
  access_denied: 400,
  insufficient_scope: 403,
  invalid_client: 401,
  invalid_token: 401,
  invalid_signature: 401,
  invalid_nonce: 401,
  method_not_allowed: 405,
} as const satisfies Record<string, number>

/** A code that goes on the wire as `error`. */
export type OAuth1ErrorCode = keyof typeof oauth1ErrorStatus

/** What else is to be said about a refusal. */
export interface OAuth1ErrorOptions {
  /** Safe text for developers, without secrets. */
  readonly description?: string
  /** Page about the error, sent as `error_uri`. */
  readonly uri?: string
  /** Methods for the `Allow` header of a 405. */
  readonly allow?: readonly string[]
  /** What it came from, for the host alone. */
  readonly cause?: unknown
}

/**
 * A refusal that an OAuth 1 client may be told of. `code` goes on the wire, `reason` is a stable word for logs, events
 * and tests, `description` is safe text that says what to fix without telling an attacker anything.
 */
export class OAuth1Error extends Error {
  /** What went wrong, by the names that clients of OAuth 1 know. */
  readonly code: OAuth1ErrorCode
  /** Why exactly, as one stable word for logs, events and tests. */
  readonly reason: string
  /** For developers, without secrets. */
  readonly description: string | undefined
  /** Where more is said about it. */
  readonly uri: string | undefined
  /** HTTP status that goes with the code. */
  readonly status: number
  /** Methods that the endpoint has, for the header Allow. */
  readonly allow: readonly string[] | undefined

  constructor(code: OAuth1ErrorCode, reason: string, options: OAuth1ErrorOptions = {}) {
    super(`${code}: ${reason}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'OAuth1Error'
    this.code = code
    this.reason = reason
    this.description = options.description === undefined ? undefined : errorDescriptionFrom(options.description)
    this.uri = options.uri
    this.status = oauth1ErrorStatus[code]
    this.allow = options.allow
  }
}

export const badRequest = (reason: string, description: string): OAuth1Error =>
  new OAuth1Error('invalid_request', reason, { description })
