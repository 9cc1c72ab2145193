import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StorageUnavailable } from '../../core/spec/storage-error.ts'
import { failureFrom } from './storage-failure.ts'
import { untilFree } from './until-free.ts'

export const inMemory = ':memory:'

/** Milliseconds SQLite itself waits for a lock. Short, because the event loop stands still meanwhile. */
const lockTimeout = 20

const settings = [
  // Functions and virtual tables cannot be smuggled in by a doctored schema.
  'PRAGMA trusted_schema = OFF',
  // Acknowledged means on the disk, a power cut included.
  'PRAGMA synchronous = FULL',
  'PRAGMA cache_size = -16384',
  // Pages: a page that is written again and again is moved into the database once per checkpoint, not once per 4 MB of log.
  'PRAGMA wal_autocheckpoint = 4000',
  // No memory map: a failing disk must be an error that can be answered, not a signal that ends the process.
  'PRAGMA mmap_size = 0',
  'PRAGMA temp_store = MEMORY',
  'PRAGMA journal_size_limit = 67108864',
]

/**
 * Opens the database file, created readable by its owner only, with the settings that durability needs.
 * @param patience milliseconds to wait while another process holds the database
 */
export async function openConnection(file: string, patience: number): Promise<DatabaseSync> {
  let connection: DatabaseSync | undefined
  try {
    if (file !== inMemory) createPrivately(resolve(file))
    const opened = new DatabaseSync(file, { timeout: lockTimeout, enableDoubleQuotedStringLiterals: false })
    connection = opened
    await untilFree(patience, () => useWriteAheadLog(opened, file))
    for (const setting of settings) opened.exec(setting)
    return opened
  } catch (error) {
    connection?.close()
    throw openFailure(file, error)
  }
}

/** SQLite gives its -wal and -shm files the mode of the database file, so making that one private is enough. */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
}

function useWriteAheadLog(connection: DatabaseSync, file: string): void {
  const mode = connection.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode
  if (mode !== 'wal' && file !== inMemory) {
    throw new StorageUnavailable(`The SQLite database ${file} cannot use a write-ahead log (journal mode ${mode})`)
  }
}

function openFailure(file: string, error: unknown): unknown {
  const isFileError = error instanceof Error && 'syscall' in error
  if (!isFileError) return failureFrom(error)
  return new StorageUnavailable(`The SQLite database ${file} cannot be opened: ${error.message}`, { cause: error })
}
