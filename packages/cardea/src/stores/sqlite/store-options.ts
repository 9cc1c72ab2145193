import type { StoreLogger } from './logger.ts'

/** How `sqliteStore` opens its database. Apart from what opens it, so that hosts need no types of the schema builder. */
export interface SqliteStoreOptions {
  /** Path of the database file. It and its directory are created where missing, for their owner only. */
  readonly file: string
  /** Milliseconds a write waits while another process holds the database. Default 3000. */
  readonly busyTimeout?: number
  /** Bring the schema up to date at start. Default true; false refuses a database whose schema is not current. */
  readonly migrate?: boolean
  /** Default: silent. */
  readonly logger?: StoreLogger
  /** Epoch seconds; stamps what ends because its client or user was disabled. Default: the system clock. */
  readonly now?: () => number
}
