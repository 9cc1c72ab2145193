import type { PageRequest } from '../core/ports/page.ts'
import type { TokenFilter } from '../core/ports/tokens.ts'
import type { Awaitable } from './client-model.ts'

/**
 * A row of the host's table of tokens: an access token, and the refresh token that was issued with it. The columns are
 * those of Authlib's model, and what rotation and revocation need besides. Tokens are digests: who reads the table can
 * use none of them. Rows are read as drivers give them: numbers as text, JSON parsed, null left out.
 */
export interface TokenRow {
  /** RFC 6749 §7.1: how the token is used, such as `Bearer`. */
  readonly token_type: string
  /** Digest; unique. Null: the row has a refresh token only. */
  readonly access_token: string | null
  /** Digest; unique. */
  readonly refresh_token: string | null
  /** Whom it was issued to. */
  readonly client_id: string
  /** Null: a machine's. */
  readonly user_id: string | null
  /** Names, separated by blanks. */
  readonly scope: string
  /** Epoch seconds. */
  readonly issued_at: number
  /** Seconds; 0: the access token does not expire. */
  readonly expires_in: number
  /** Nothing of the row is valid any more: set by `revoke`, or by the host. */
  readonly revoked: boolean | number
  /** Epoch seconds at which the access token alone was revoked. */
  readonly access_token_revoked_at: number | null
  /** Epoch seconds; null where there is no refresh token. */
  readonly refresh_token_expires_at: number | null
  /** Epoch seconds at which the refresh token was replaced. */
  readonly refresh_token_spent_at: number | null
  /** Digest of the refresh token that replaced it. */
  readonly successor: string | null
  /** Id of what was allowed, shared by every row that comes from it; null: the token stands alone. */
  readonly authorization_id: string | null
  /** JSON of what extensions have to remember of each, the key a token is bound to among it; null: nothing. */
  readonly facts: string | null
}

/** What replaces a refresh token. */
export interface Rotation {
  /** Digest of the one that is used up. */
  readonly refresh_token: string
  /** Digest of the one that comes after it. */
  readonly successor: string
  /** Epoch seconds. */
  readonly at: number
  /** Revoke the access tokens of earlier rows with that authorization, too. */
  readonly end_access_tokens: boolean
}

/** Which rows: of all members that are there. */
export interface TokenRows {
  /** Those that come from it. */
  readonly authorization_id?: string
  /** Those that were issued to that client. */
  readonly client_id?: string
  /** Those that this user allowed. */
  readonly user_id?: string
}

/** The host's table of tokens. What decides a race is one verb, and has to be one transaction. */
export interface HostTokens {
  /** By digest. Also finds what was revoked or replaced, until it is swept. */
  findByAccessToken(digest: string): Awaitable<TokenRow | undefined | null>
  /** By digest. */
  findByRefreshToken(digest: string): Awaitable<TokenRow | undefined | null>
  /** Adds a row; its digests are new, or it must reject and write nothing. */
  insert(row: TokenRow): Awaitable<unknown>
  /**
   * In one transaction: marks the row with that refresh token as replaced (`refresh_token_spent_at`, `successor`) where it
   * is neither replaced nor revoked, and adds the new row. Returns false, with nothing written, where it was not there to be
   * replaced: of any number at once, one gets true.
   */
  rotate(rotation: Rotation, row: TokenRow): Awaitable<boolean>
  /** Sets `access_token_revoked_at` where it is null. Returns whether it was. */
  revokeAccessToken(digest: string, at: number): Awaitable<boolean>
  /** Sets `revoked` on every such row. */
  revoke(rows: TokenRows): Awaitable<unknown>
  /** Deletes at most `limit` rows of which nothing is valid at `at`, and returns how many. Absent: the host sweeps by itself. */
  sweep?(at: number, limit: number): Awaitable<number>
  /** Rows with that kind of token, ordered by its digest, those after `page.after`. For lists of operators only. */
  list?(kind: 'access' | 'refresh', filter: TokenFilter, page: PageRequest): Awaitable<readonly TokenRow[]>
}
