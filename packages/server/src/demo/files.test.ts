import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { sqliteStore } from 'cardea/stores/sqlite'
import { temporaryFolder } from '../../test-support/temporary-folder.ts'
import { demoFiles, resetDemo } from './files.ts'

test('demo --reset: takes no database away from a demonstration that runs on it at another port', async () => {
  const files = demoFiles(temporaryFolder())
  const store = await sqliteStore({ file: files.database })
  assert.throws(() => resetDemo(files), /demo\.sqlite is in use by another demonstration; stop that one first$/)
  await store.scopes.save({ name: 'read', description: '', is_default: false })
  assert.equal((await store.scopes.all()).length, 1)
  await store.close()
  resetDemo(files)
  assert.equal(existsSync(files.database), false)
  resetDemo(files)
})

test('demo --reset: is the way out of a damaged database', () => {
  const files = demoFiles(temporaryFolder())
  mkdirSync(files.folder)
  writeFileSync(files.database, 'no database at all, but longer than a header of SQLite would be: '.repeat(20))
  resetDemo(files)
  assert.equal(existsSync(files.database), false)
})
