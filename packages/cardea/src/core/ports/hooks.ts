import type { Client } from '../model/client.ts'

/** Tokens that are about to be issued, by any grant. */
export interface TokenIssue {
  /** Of this request; `implicit` for tokens in authorization responses, `oauth1` for token credentials (RFC 5849 §2.3). */
  readonly grantType: string
  /** What the authorization came from: another than `grantType` for a refresh. Absent: not known of an older one. */
  readonly originalGrantType?: string
  /** Who will get it. */
  readonly client: Client
  /** Absent for a machine token. */
  readonly userId?: string
  /** What the access token will be good for. */
  readonly scope: readonly string[]
  /** Seconds the access token will live; 0: it does not expire. */
  readonly lifetime: number
  /** A refresh token goes with it. */
  readonly refresh: boolean
  /** RFC 8707: what the access token is for. Absent: whoever takes our tokens. */
  readonly resources?: readonly string[]
  /** How the access token will look. */
  readonly format: 'opaque' | 'jwt'
}

/** What a hook changes. It can only take away, except for members of the answer. */
export interface TokenIssueChange {
  /** Part of the scope. At a refresh it holds for the access token, otherwise for the authorization. */
  readonly scope?: readonly string[]
  /** Seconds, at least 1, no more than there were. */
  readonly lifetime?: number
  /** More claims of a JWT access token; those of RFC 9068 §2.2 stay as they are. An opaque one has none. */
  readonly jwtClaims?: Readonly<Record<string, unknown>>
  /** Members of the answer besides those of RFC 6749 §5.1, which it cannot replace; as text in answers of OAuth 1. */
  readonly members?: Readonly<Record<string, unknown>>
}

/** Every hook of the host in one, in order; undefined where nothing is changed. */
export type BeforeIssueToken = (issue: TokenIssue) => Promise<TokenIssueChange | undefined>
