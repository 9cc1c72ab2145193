import type { DatabaseSync } from 'node:sqlite'
import { CommittedCache } from './committed-cache.ts'
import { FileIdentity } from './file-identity.ts'
import type { StoreLogger } from './logger.ts'
import { failureFrom } from './storage-failure.ts'
import { WriteQueue } from './write-queue.ts'

export type Value = string | number | null

/** A prepared statement whose rows have a known shape. */
export interface Query<Row> {
  get(...values: Value[]): Row | undefined
  all(...values: Value[]): Row[]
  run(...values: Value[]): { readonly changes: number }
}

export interface DatabaseOptions {
  readonly connection: DatabaseSync
  readonly file: string
  /** Milliseconds a write waits while another process holds the database. */
  readonly patience: number
  /** Epoch seconds. */
  readonly now: () => number
  readonly logger: StoreLogger
}

/** What the nouns of the store share: one connection, its queue of writes and its cache. */
export class Database {
  readonly cache: CommittedCache
  /** Epoch seconds. */
  readonly now: () => number
  readonly #connection: DatabaseSync
  readonly #identity: FileIdentity
  readonly #writes: WriteQueue

  constructor({ connection, file, patience, now, logger }: DatabaseOptions) {
    this.now = now
    this.#connection = connection
    this.#identity = new FileIdentity(file)
    this.cache = new CommittedCache(connection)
    this.#writes = new WriteQueue({
      connection,
      patience,
      logger,
      onBegin: () => {
        this.#identity.check()
        // Inside the transaction nobody else can write, so what is checked there holds until COMMIT.
        this.cache.recheck()
      },
      onRollback: () => this.cache.drop(),
    })
  }

  /** SQL is written by us; whatever comes from outside is bound. */
  prepare<Row>(sql: string): Query<Row> {
    return this.#connection.prepare(sql) as unknown as Query<Row>
  }

  /** @throws StorageUnavailable */
  read<T>(run: () => T): Promise<T> {
    try {
      this.#identity.checkNowAndThen()
      return Promise.resolve(run())
    } catch (error) {
      return Promise.reject(failureFrom(error))
    }
  }

  /** Queues a closure for the next transaction; see `WriteQueue.write`. */
  write<T>(run: () => T): Promise<T> {
    return this.#writes.write(run)
  }

  /** See `WriteQueue.probe`. */
  probe<T>(run: () => T): Promise<T> {
    return this.#writes.probe(run)
  }

  /** The last write could not be stored, and none has succeeded since. */
  get failing(): boolean {
    return this.#writes.failing
  }

  /** To be called when it was proved that writes succeed again. */
  recovered(): void {
    this.#writes.recovered()
  }

  async close(): Promise<void> {
    if (!this.#connection.isOpen) return
    await this.#writes.close()
    if (!this.#connection.isOpen) return
    try {
      this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // Everything acknowledged is in the log already; whoever opens the file next finishes the checkpoint.
    }
    this.#connection.close()
  }
}
