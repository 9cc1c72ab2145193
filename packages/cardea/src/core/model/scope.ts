/** A named access range (RFC 6749 §3.3). */
export interface Scope {
  /** RFC 6749 §3.3 scope-token: what clients ask for. */
  readonly name: string
  /** Shown on the consent page. */
  readonly description: string
  /** Granted when a request names no scope. */
  readonly is_default: boolean
}
