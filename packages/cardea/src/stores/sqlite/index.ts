import type { Store } from '../../core/ports/store.ts'

export interface SqliteStoreOptions {
  /** Path of the database file; it and its directory are created, readable by their owner only. */
  readonly file: string
  /** Milliseconds a write waits while another process holds the database. Default 3000. */
  readonly busyTimeout?: number
  /** Bring the schema up to date at start. Default true; false refuses a database whose schema is not current. */
  readonly migrate?: boolean
}

/** The durable store on an embedded SQLite file. */
export async function sqliteStore(_options: SqliteStoreOptions): Promise<Store> {
  throw new Error('The SQLite store is not there yet')
}
