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
import type { Users } from './users.ts'

/** Everything Cardea asks of storage. Each port can be replaced on its own; a store passes the contract in `cardea/testing`. */
export interface Store {
  readonly clients: Clients
  readonly users: Users
  readonly scopes: Scopes
  readonly authorizations: Authorizations
  readonly consents: Consents
  readonly codes: Codes
  readonly tokens: Tokens
  readonly interactions: Interactions
  readonly sessions: Sessions
  readonly attempts: Attempts
  readonly temporaryCredentials: TemporaryCredentials
  readonly tokenCredentials: TokenCredentials
  readonly deviceRequests: DeviceRequests
  readonly pushedRequests: PushedRequests
  readonly signingKeys: SigningKeys
  readonly resources: Resources
  readonly initialAccessTokens: InitialAccessTokens
  readonly replay: Replay
  readonly ledger: Ledger
  readonly housekeeping: Housekeeping
  /** Answers whether a write would be durable now; throws `StorageUnavailable` otherwise. */
  check(): Promise<void>
  /** Finishes what was begun and lets go of every handle. Idempotent. */
  close(): Promise<void>
}
