import type { DatabaseSync } from 'node:sqlite'
import type { Store } from '../../core/ports/store.ts'
import { migrations as allMigrations, type SchemaMigration } from '../sql/migrations/index.ts'
import { applyMigrations } from './apply-migrations.ts'
import { sqliteAttempts } from './attempts.ts'
import { sqliteAuthorizations, sqliteConsents } from './authorizations.ts'
import { clientLookup, sqliteClients } from './clients.ts'
import { sqliteCodes } from './codes.ts'
import { openConnection } from './connection.ts'
import { Database } from './database.ts'
import { sqliteDeviceRequests } from './device-requests.ts'
import { sqliteHousekeeping } from './housekeeping.ts'
import { sqliteInitialAccessTokens } from './initial-access-tokens.ts'
import { sqliteInteractions } from './interactions.ts'
import { sqliteLedger } from './ledger.ts'
import { silent } from './logger.ts'
import { sqlitePushedRequests } from './pushed-requests.ts'
import { sqliteReplay } from './replay.ts'
import { sqliteResources } from './resources.ts'
import { refuseNewer, refuseOutdated, schemaStatus } from './schema-status.ts'
import { sqliteScopes } from './scopes.ts'
import { sqliteSessions } from './sessions.ts'
import { sqliteSigningKeys } from './signing-keys.ts'
import { failureFrom } from './storage-failure.ts'
import type { SqliteStoreOptions } from './store-options.ts'
import { sqliteTemporaryCredentials } from './temporary-credentials.ts'
import { sqliteTokenCredentials } from './token-credentials.ts'
import { sqliteTokens } from './tokens.ts'
import { sqliteUnkeptTokens } from './unkept-tokens.ts'
import { sqliteUsers, userCheck } from './users.ts'
import { writeCheck } from './write-check.ts'

/** What only our own tests replace. */
export interface StoreInternals {
  readonly migrations?: readonly SchemaMigration[]
  /** Sees the connection once it is ready. */
  readonly onConnection?: (connection: DatabaseSync) => void
}

export async function openStore(options: SqliteStoreOptions, internals: StoreInternals = {}): Promise<Store> {
  const { file, busyTimeout = 3000, logger = silent, now = systemTime } = options
  const connection = await openConnection(file, busyTimeout)
  try {
    await settleSchema(connection, options, internals.migrations ?? allMigrations)
    internals.onConnection?.(connection)
    return storeOn(new Database({ connection, file, patience: busyTimeout, now, logger }))
  } catch (error) {
    connection.close()
    throw failureFrom(error)
  }
}

async function settleSchema(
  connection: DatabaseSync,
  { file, migrate = true, logger = silent }: SqliteStoreOptions,
  migrations: readonly SchemaMigration[],
): Promise<void> {
  const status = schemaStatus(connection, migrations)
  refuseNewer(file, status)
  if (!migrate) refuseOutdated(file, status)
  if (status.pending.length === 0) return
  const applied = await applyMigrations({ connection, file, migrations, dryRun: false })
  if (applied.length > 0) logger.info({ file, applied }, 'The database schema was brought up to date')
}

function storeOn(db: Database): Store {
  const clientById = clientLookup(db)
  const isEnabledUser = userCheck(db)
  const replay = sqliteReplay(db)
  const pushedRequests = sqlitePushedRequests(db)
  return {
    clients: sqliteClients(db, clientById),
    users: sqliteUsers(db),
    scopes: sqliteScopes(db),
    authorizations: sqliteAuthorizations(db),
    consents: sqliteConsents(db),
    codes: sqliteCodes(db),
    tokens: sqliteTokens(db),
    unkeptTokens: sqliteUnkeptTokens(db),
    interactions: sqliteInteractions(db),
    sessions: sqliteSessions(db, isEnabledUser),
    attempts: sqliteAttempts(db),
    temporaryCredentials: sqliteTemporaryCredentials(db),
    tokenCredentials: sqliteTokenCredentials(db),
    deviceRequests: sqliteDeviceRequests(db),
    pushedRequests,
    signingKeys: sqliteSigningKeys(db),
    resources: sqliteResources(db),
    initialAccessTokens: sqliteInitialAccessTokens(db),
    replay,
    ledger: { usesUp: { replay, pushedRequests }, ...sqliteLedger(db, clientById, isEnabledUser) },
    housekeeping: sqliteHousekeeping(db),
    check: writeCheck(db),
    close: () => db.close(),
  }
}

const systemTime = (): number => Math.floor(Date.now() / 1000)
