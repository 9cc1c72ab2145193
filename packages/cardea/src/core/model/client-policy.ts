/** What a host's own client object decides besides the record it is made into. It can refuse more, never less. */
export interface ClientPolicy {
  /** Used where a request names no redirect URI. */
  readonly defaultRedirectUri?: string
  /** Asked besides the comparison; where the record names no redirect URIs, instead of it. */
  checkRedirectUri?(redirectUri: string): boolean | Promise<boolean>
  /** Of a requested scope, or of the empty one where none was asked for: what is allowed; null refuses. */
  allowedScope?(requested: string): string | null | Promise<string | null>
  /** Asked besides the comparison with the hash; where the record has none, instead of it. Counted as a guess. */
  checkSecret?(secret: string): boolean | Promise<boolean>
}
