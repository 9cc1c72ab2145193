import type { Store } from '../../core/ports/store.ts'
import { openStore, type SqliteStoreOptions } from './open-store.ts'

export type { StoreLogger } from './logger.ts'
export { migrateSqlite, migrationStatus } from './migrate.ts'
export type { SqliteStoreOptions } from './open-store.ts'
export { SchemaMismatch, type SchemaStatus } from './schema-status.ts'

/**
 * The durable store on an embedded SQLite file. What it acknowledges is on the disk; several processes may share one
 * file on one machine.
 * @throws StorageUnavailable when the file cannot be opened
 * @throws SchemaMismatch when its schema is newer than this release, or older and `migrate` is false
 */
export const sqliteStore = (options: SqliteStoreOptions): Promise<Store> => openStore(options)
