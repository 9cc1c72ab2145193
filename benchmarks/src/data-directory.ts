import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the databases of a run live. */
export interface DataDirectory {
  /** A new empty directory below it. */
  next(): string
  remove(): void
}

/** A directory in the checkout: the system's temporary directory is often memory, where a flush costs nothing. */
export function createDataDirectory(): DataDirectory {
  const parent = fileURLToPath(new URL('../dist/', import.meta.url))
  mkdirSync(parent, { recursive: true })
  const root = mkdtempSync(join(parent, 'data-'))
  return {
    next: () => mkdtempSync(join(root, 'server-')),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}
