import type { Attempts } from './attempts.ts'
import type { Authorizations, Consents } from './authorizations.ts'
import type { Clients } from './clients.ts'
import type { Codes } from './codes.ts'
import type { DeviceRequests } from './device-requests.ts'
import type { Housekeeping } from './housekeeping.ts'
import type { InitialAccessTokens } from './initial-access-tokens.ts'
import type { Interactions } from './interactions.ts'
import type { Ledger } from './ledger.ts'
import type { PushedRequests } from './pushed-requests.ts'
import type { Replay } from './replay.ts'
import type { Resources } from './resources.ts'
import type { Scopes } from './scopes.ts'
import type { Sessions } from './sessions.ts'
import type { SigningKeys } from './signing-keys.ts'
import type { TemporaryCredentials } from './temporary-credentials.ts'
import type { TokenCredentials } from './token-credentials.ts'
import type { Tokens } from './tokens.ts'
import type { UnkeptTokens } from './unkept-tokens.ts'
import type { Users } from './users.ts'

/** Everything Cardea asks of storage. Each port can be replaced on its own; a store passes the contract in `cardea/testing`. */
export interface Store {
  /** Registered applications. */
  readonly clients: Clients
  /** People whose accounts are kept here. */
  readonly users: Users
  /** The vocabulary of what can be allowed. */
  readonly scopes: Scopes
  /** What was allowed, and what ends with it. */
  readonly authorizations: Authorizations
  /** Decisions that are remembered. */
  readonly consents: Consents
  /** Authorization codes, until they expire. */
  readonly codes: Codes
  /** Access and refresh tokens, by their digests. */
  readonly tokens: Tokens
  /** What has ended of access tokens without a row. */
  readonly unkeptTokens: UnkeptTokens
  /** Authorization requests that wait for a person. */
  readonly interactions: Interactions
  /** Who is signed in. */
  readonly sessions: Sessions
  /** Guesses in each window. */
  readonly attempts: Attempts
  /** OAuth 1: credentials between `initiate` and `token`. */
  readonly temporaryCredentials: TemporaryCredentials
  /** OAuth 1: what signs requests for somebody. */
  readonly tokenCredentials: TokenCredentials
  /** RFC 8628: devices that wait for a person. */
  readonly deviceRequests: DeviceRequests
  /** RFC 9126: authorization requests that came ahead. */
  readonly pushedRequests: PushedRequests
  /** Key pairs of this server. */
  readonly signingKeys: SigningKeys
  /** RFC 8707: what tokens can be limited to. */
  readonly resources: Resources
  /** RFC 7591: what lets an application register itself. */
  readonly initialAccessTokens: InitialAccessTokens
  /** What may be seen once only: nonces, assertions. */
  readonly replay: Replay
  /** Spends and saves in one step. */
  readonly ledger: Ledger
  /** Deletes what has expired. */
  readonly housekeeping: Housekeeping
  /** Answers whether a write would be durable now; throws `StorageUnavailable` otherwise. */
  check(): Promise<void>
  /** Finishes what was begun and lets go of every handle. Idempotent. */
  close(): Promise<void>
}
