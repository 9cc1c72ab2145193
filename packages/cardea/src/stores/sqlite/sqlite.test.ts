import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after } from 'node:test'
import type { Store } from '../../core/ports/store.ts'
import { storeContract } from '../../testing/store-contract/index.ts'
import { sqliteStore } from './index.ts'

const directory = mkdtempSync(join(tmpdir(), 'cardea-sqlite-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const files = new WeakMap<Store, string>()
let opened = 0

storeContract(
  'sqlite',
  async () => {
    opened += 1
    const file = join(directory, `${opened}.db`)
    const store = await sqliteStore({ file, busyTimeout: 1 })
    files.set(store, file)
    return store
  },
  {
    async breakStorage(store) {
      const other = new DatabaseSync(files.get(store) ?? '')
      other.exec('BEGIN IMMEDIATE')
      return () => other.close()
    },
  },
)
