import type { Awaitable } from './client-model.ts'
import type { TokenRows } from './host-tokens.ts'

/**
 * A row of the host's table of authorization codes. The columns are those of Authlib's model, and what a replay is
 * recognised by. The code is a digest: who reads the table can redeem none. Rows are read as drivers give them: numbers
 * as text, JSON parsed, null left out.
 */
export interface CodeRow {
  /** Digest; unique. */
  readonly code: string
  /** Whom it was issued to, and who alone may redeem it. */
  readonly client_id: string
  /** Who allowed it. */
  readonly user_id: string
  /** Where it was sent. */
  readonly redirect_uri: string
  /** Names, separated by blanks. */
  readonly scope: string
  /** RFC 7636 §4.2; null for a confidential client that was allowed to leave it out. */
  readonly code_challenge: string | null
  /** RFC 7636 §4.3; there where a challenge is. */
  readonly code_challenge_method: string | null
  /** Epoch seconds at which the user signed in. */
  readonly auth_time: number
  /** Epoch seconds. */
  readonly issued_at: number
  /** Epoch seconds. */
  readonly expires_at: number
  /** Epoch seconds at which it was redeemed. */
  readonly spent_at: number | null
  /** Id of what redeeming it allows. */
  readonly authorization_id: string
  /** JSON of everything else that its redemption is checked against. */
  readonly details: string
}

/** The host's table of authorization codes. What decides a race is one conditional update. */
export interface HostCodes {
  /** Adds a row; its code is new, or it must reject. */
  insert(row: CodeRow): Awaitable<unknown>
  /** By digest. Also finds a spent one until it expires, so that a replay is recognised (RFC 6749 §4.1.2). */
  find(digest: string): Awaitable<CodeRow | undefined | null>
  /** Sets `spent_at` where it is null. Returns whether it was: of any number at once, one gets true. */
  spend(digest: string, at: number): Awaitable<boolean>
  /** Deletes every such row that is not spent. */
  revoke(rows: TokenRows): Awaitable<unknown>
  /** Deletes at most `limit` rows that expired before `at`, and returns how many. Absent: the host sweeps by itself. */
  sweep?(at: number, limit: number): Awaitable<number>
}
