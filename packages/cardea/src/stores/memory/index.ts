import type { Store } from '../../core/ports/store.ts'
import { memoryAttempts } from './attempts.ts'
import { memoryAuthorizations, memoryConsents } from './authorizations.ts'
import { memoryClients } from './clients.ts'
import { memoryCodes } from './codes.ts'
import { memoryDeviceRequests } from './device-requests.ts'
import { memoryHousekeeping } from './housekeeping.ts'
import { memoryInitialAccessTokens } from './initial-access-tokens.ts'
import { memoryInteractions } from './interactions.ts'
import { memoryLedger } from './ledger.ts'
import { memoryPushedRequests } from './pushed-requests.ts'
import { memoryReplay } from './replay.ts'
import { memoryResources } from './resources.ts'
import { memoryScopes } from './scopes.ts'
import { memorySessions } from './sessions.ts'
import { memorySigningKeys } from './signing-keys.ts'
import { emptyTables } from './tables.ts'
import { memoryTemporaryCredentials } from './temporary-credentials.ts'
import { memoryTokenCredentials } from './token-credentials.ts'
import { memoryTokens } from './tokens.ts'
import { memoryUnkeptTokens } from './unkept-tokens.ts'
import { memoryUsers } from './users.ts'

/** How `memoryStore` keeps time. */
export interface MemoryStoreOptions {
  /** Epoch seconds; stamps what ends because its client or user was disabled. Default: the system clock. */
  readonly now?: () => number
}

/**
 * A store for tests and trials: everything in this process, gone with it. It keeps every promise of the ports except
 * durability, and stays bounded as long as `housekeeping.sweep` is called.
 */
export function memoryStore({ now = systemTime }: MemoryStoreOptions = {}): Store {
  const tables = emptyTables()
  const replay = memoryReplay(tables)
  const pushedRequests = memoryPushedRequests(tables)
  return {
    clients: memoryClients(tables, now),
    users: memoryUsers(tables, now),
    scopes: memoryScopes(tables),
    authorizations: memoryAuthorizations(tables),
    consents: memoryConsents(tables),
    codes: memoryCodes(tables),
    tokens: memoryTokens(tables),
    unkeptTokens: memoryUnkeptTokens(tables),
    interactions: memoryInteractions(tables),
    sessions: memorySessions(tables),
    attempts: memoryAttempts(tables),
    temporaryCredentials: memoryTemporaryCredentials(tables),
    tokenCredentials: memoryTokenCredentials(tables),
    deviceRequests: memoryDeviceRequests(tables),
    pushedRequests,
    signingKeys: memorySigningKeys(tables),
    resources: memoryResources(tables),
    initialAccessTokens: memoryInitialAccessTokens(tables),
    replay,
    ledger: memoryLedger(tables, { replay, pushedRequests }),
    housekeeping: memoryHousekeeping(tables),
    async check() {},
    async close() {},
  }
}

const systemTime = (): number => Math.floor(Date.now() / 1000)
