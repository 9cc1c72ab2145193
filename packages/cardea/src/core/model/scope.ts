/** A named access range (RFC 6749 §3.3). */
export interface Scope {
  readonly name: string
  /** Shown on the consent page. */
  readonly description: string
  /** Granted when a request names no scope. */
  readonly is_default: boolean
}
