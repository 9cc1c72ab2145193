import type { DatabaseSync } from 'node:sqlite'
import { StorageUnavailable } from '../../core/spec/storage-error.ts'
import type { StoreLogger } from './logger.ts'
import { failureFrom, isBusy, isStorageFailure } from './storage-failure.ts'
import { retryDelay } from './until-free.ts'

interface QueuedWrite {
  readonly run: () => unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  /** Too small to show that other writes would succeed as well. */
  readonly isProbe: boolean
  result: unknown
  failed: boolean
  /** Set when it had to wait for another process. */
  deadline: number | undefined
}

export interface WriteQueueOptions {
  readonly connection: DatabaseSync
  /** Milliseconds a write waits while another process holds the database. */
  readonly patience: number
  /** Runs before each transaction; what it throws fails the group. */
  readonly onBegin: () => void
  /** What was written since the last commit was undone. */
  readonly onRollback: () => void
  readonly logger: StoreLogger
}

/**
 * Writes of one event-loop turn share one transaction, so that durability costs one flush of the disk for all of them.
 * A write is answered after COMMIT only. It is a synchronous closure that may run more than once.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions
  readonly #statements: Record<'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'undo', { run(): unknown }>
  #queue: QueuedWrite[] = []
  #scheduled = false
  #closed = false
  #failing = false

  constructor(options: WriteQueueOptions) {
    this.#options = options
    const { connection } = options
    this.#statements = {
      begin: connection.prepare('BEGIN IMMEDIATE'),
      commit: connection.prepare('COMMIT'),
      rollback: connection.prepare('ROLLBACK'),
      savepoint: connection.prepare('SAVEPOINT one'),
      release: connection.prepare('RELEASE one'),
      undo: connection.prepare('ROLLBACK TO one'),
    }
  }

  /**
   * Resolves with the result of `run` once it is durable.
   * @throws StorageUnavailable when nothing could be written; an error that `run` threw as it is
   */
  write<T>(run: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new StorageUnavailable('The SQLite store is closed'))
    return this.#enqueue(run, false)
  }

  /** As `write`, but its success ends no `failing`: on a full disk, what overwrites a row of its own still fits. */
  probe<T>(run: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new StorageUnavailable('The SQLite store is closed'))
    return this.#enqueue(run, true)
  }

  /** The last write could not be stored, and none has succeeded since. */
  get failing(): boolean {
    return this.#failing
  }

  /** To be called when it was proved that writes succeed again. */
  recovered(): void {
    if (this.#failing) this.#options.logger.info({}, 'The SQLite database takes writes again')
    this.#failing = false
  }

  /** Accepts nothing more, and resolves when everything queued was answered. */
  async close(): Promise<void> {
    this.#closed = true
    // The queue keeps its order: when this last one was answered, all were.
    await this.#enqueue(() => undefined, true).catch(() => undefined)
  }

  #enqueue<T>(run: () => T, isProbe: boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const answer = resolve as (result: unknown) => void
      this.#queue.push({ run, resolve: answer, reject, isProbe, result: undefined, failed: false, deadline: undefined })
      if (this.#scheduled) return
      this.#scheduled = true
      setImmediate(this.#flush)
    })
  }

  readonly #flush = (): void => {
    const group = this.#queue
    this.#queue = []
    this.#scheduled = false
    try {
      this.#commit(group)
      if (group.some(({ isProbe }) => !isProbe)) this.recovered()
    } catch (error) {
      if (isBusy(error)) this.#waitFor(group, error)
      else this.#refuse(group, error)
    }
  }

  #commit(group: readonly QueuedWrite[]): void {
    try {
      this.#transaction(group, (write) => {
        write.result = write.run()
      })
    } catch (error) {
      if (isStorageFailure(error)) throw error
      // One of them is at fault: each gets its own savepoint, so that only that one fails.
      this.#transaction(group, (write) => this.#runApart(write))
    }
    for (const write of group) {
      if (write.failed) write.reject(write.result)
      else write.resolve(write.result)
    }
  }

  #transaction(group: readonly QueuedWrite[], runOne: (write: QueuedWrite) => void): void {
    const { connection, onBegin, onRollback } = this.#options
    try {
      onBegin()
      this.#statements.begin.run()
      for (const write of group) runOne(write)
      this.#statements.commit.run()
    } catch (error) {
      onRollback()
      // SQLite has rolled back by itself after some errors and not after others.
      if (connection.isOpen && connection.isTransaction) this.#statements.rollback.run()
      throw error
    }
  }

  #runApart(write: QueuedWrite): void {
    this.#statements.savepoint.run()
    try {
      write.result = write.run()
      write.failed = false
    } catch (error) {
      if (isStorageFailure(error)) throw error
      this.#options.onRollback()
      this.#statements.undo.run()
      write.result = error
      write.failed = true
    }
    this.#statements.release.run()
  }

  #waitFor(group: readonly QueuedWrite[], error: unknown): void {
    const now = performance.now()
    const overdue: QueuedWrite[] = []
    const waiting: QueuedWrite[] = []
    for (const write of group) {
      write.deadline ??= now + this.#options.patience
      ;(write.deadline <= now ? overdue : waiting).push(write)
    }
    if (overdue.length > 0) this.#refuse(overdue, error)
    this.#queue = waiting.concat(this.#queue)
    if (this.#queue.length === 0) return
    this.#scheduled = true
    setTimeout(this.#flush, retryDelay())
  }

  #refuse(group: readonly QueuedWrite[], error: unknown): void {
    const failure = failureFrom(error)
    if (!this.#failing) this.#options.logger.warn({ err: failure }, 'The SQLite database takes no writes')
    this.#failing = true
    for (const write of group) write.reject(failure)
  }
}
