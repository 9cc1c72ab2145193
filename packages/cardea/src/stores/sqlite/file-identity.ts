import { statSync } from 'node:fs'
import { StorageUnavailable } from '../../core/spec/storage-error.ts'
import { inMemory } from './connection.ts'

/** Milliseconds between two looks on behalf of reads. */
const interval = 100

/**
 * Notices that the database file was deleted or replaced while it is open: SQLite would go on with the old file, and
 * what it acknowledges would be gone with the process.
 */
export class FileIdentity {
  readonly #file: string
  readonly #inode: number | undefined
  readonly #device: number | undefined
  #lookedAt = Number.NEGATIVE_INFINITY

  constructor(file: string) {
    this.#file = file
    const found = file === inMemory ? undefined : statSync(file)
    this.#inode = found?.ino
    this.#device = found?.dev
  }

  /** @throws StorageUnavailable */
  check(): void {
    if (this.#inode === undefined) return
    const found = statSync(this.#file, { throwIfNoEntry: false })
    if (found?.ino === this.#inode && found.dev === this.#device) return
    const what = found === undefined ? 'deleted' : 'replaced'
    throw new StorageUnavailable(`The database file ${this.#file} was ${what} while in use; restart to open it afresh`)
  }

  /** As `check`, but looks at most every tenth of a second. */
  checkNowAndThen(): void {
    const now = performance.now()
    if (now - this.#lookedAt < interval) return
    this.check()
    this.#lookedAt = now
  }
}
