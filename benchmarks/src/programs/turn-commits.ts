import type { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * Groups the writes of one event-loop turn into one transaction. Answers wait for its commit, so that what was
 * acknowledged is durable, and the disk flush is shared by all requests of the turn.
 */
export class TurnCommits {
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  #open = false
  #waiting: (() => void)[] = []

  constructor(database: DatabaseSync) {
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
  }

  /** Makes sure that a transaction is open; to be called before every write. */
  begin(): void {
    if (this.#open) return
    this.#begin.run()
    this.#open = true
    setImmediate(() => this.#end())
  }

  /** Calls back once everything written so far is durable. */
  afterCommit(callback: () => void): void {
    if (this.#open) this.#waiting.push(callback)
    else callback()
  }

  /** Runs a write now and resolves with its result once it is durable. */
  write<Result>(statement: () => Result): Promise<Result> {
    this.begin()
    const result = statement()
    return new Promise((resolve) => this.#waiting.push(() => resolve(result)))
  }

  #end(): void {
    this.#commit.run()
    this.#open = false
    const waiting = this.#waiting
    this.#waiting = []
    for (const callback of waiting) callback()
  }
}
