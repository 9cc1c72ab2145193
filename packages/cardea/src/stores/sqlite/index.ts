import type { Store } from '../../core/ports/store.ts'
import { openStore } from './open-store.ts'
import type { SqliteStoreOptions } from './store-options.ts'

export type { StoreLogger } from './logger.ts'
export { migrateSqlite, migrationStatus } from './migrate.ts'
export { SchemaMismatch, type SchemaStatus } from './schema-status.ts'
export type { SqliteStoreOptions } from './store-options.ts'

/**
 * The durable store on an embedded SQLite file. What it acknowledges is on the disk; several processes may share one
 * file on one machine.
 * @throws StorageUnavailable when the file cannot be opened
 * @throws SchemaMismatch when its schema is newer than this release, or older and `migrate` is false
 */
export const sqliteStore = (options: SqliteStoreOptions): Promise<Store> => openStore(options)
