import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { digestOf } from '../../core/crypto/digest.ts'
import { StorageUnavailable } from '../../core/spec/storage-error.ts'
import {
  accessNamed,
  clientNamed,
  interactionNamed,
  isLiveAccess,
  saveFamily,
  start,
} from '../../testing/store-contract/nouns.ts'
import { sqliteStore } from './index.ts'
import { openStore } from './open-store.ts'

const directory = mkdtempSync(join(tmpdir(), 'cardea-failing-'))
after(() => rmSync(directory, { recursive: true, force: true }))

/** A store whose connection the test can put limits on, as a disk would. */
async function openLimited(name: string) {
  let connection: DatabaseSync | undefined
  const remember = (made: DatabaseSync) => {
    connection = made
  }
  const store = await openStore({ file: join(directory, name) }, { onConnection: remember })
  return { store, limit: (pragma: string) => connection?.exec(`PRAGMA ${pragma}`) }
}

const messages: string[] = []
const logger = {
  info: (_fields: object, message: string) => messages.push(message),
  warn: (_fields: object, message: string) => messages.push(message),
}

test('SQLite store: a full disk is StorageUnavailable, loses nothing acknowledged, and is over when there is room', async () => {
  const { store, limit } = await openLimited('full.db')
  limit('max_page_count = 80')
  const save = (index: number) =>
    store.interactions.save(interactionNamed(`asked ${index}`, { request: { state: 'x'.repeat(2000) } }))
  const results: PromiseSettledResult<void>[] = []
  for (let round = 0; round < 30; round += 1) {
    results.push(...(await Promise.allSettled([0, 1, 2, 3].map((index) => save(4 * round + index)))))
  }
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  assert.ok(failures.length > 0 && failures.length < results.length)
  for (const failure of failures) assert.ok(failure instanceof StorageUnavailable, String(failure))
  for (const [index, { status }] of results.entries()) {
    const found = await store.interactions.find(`asked ${index}`)
    assert.equal(found !== undefined, status === 'fulfilled')
  }
  limit('max_page_count = 100000')
  await store.check()
  await save(1000)
  await store.close()
})

test('SQLite store: what is acknowledged is flushed to the disk: a write-ahead log, synchronous FULL, no memory map', async () => {
  let connection: DatabaseSync | undefined
  const store = await openStore(
    { file: join(directory, 'flushed.db') },
    { onConnection: (made) => (connection = made) },
  )
  const told = ['journal_mode', 'synchronous', 'mmap_size', 'trusted_schema'].map((pragma) =>
    Object.values(connection?.prepare(`PRAGMA ${pragma}`).get() ?? {}),
  )
  assert.deepEqual(told, [['wal'], [2], [0], [0]])
  await store.close()
})

test('SQLite store: while writes do not fit, the check fails too although its own row would; with room it succeeds', async () => {
  let connection: DatabaseSync | undefined
  const store = await openStore(
    { file: join(directory, 'nearly-full.db'), logger },
    { onConnection: (made) => (connection = made) },
  )
  const save = () => store.interactions.save(interactionNamed('large', { request: { state: 'x'.repeat(200_000) } }))
  await store.check()
  messages.length = 0
  const pages = Number(Object.values(connection?.prepare('PRAGMA page_count').get() ?? {})[0])
  connection?.exec(`PRAGMA max_page_count = ${pages + 4}`)
  await store.check()
  await assert.rejects(save(), StorageUnavailable)
  await assert.rejects(store.check(), StorageUnavailable)
  await assert.rejects(store.check(), StorageUnavailable)
  connection?.exec('PRAGMA max_page_count = 100000')
  await store.check()
  assert.deepEqual(messages, ['The SQLite database takes no writes', 'The SQLite database takes writes again'])
  const left = connection?.prepare("SELECT count(*) AS rows FROM attempts WHERE key LIKE 'write check %'").get()
  assert.equal(left?.rows, 0)
  await save()
  await store.close()
})

test('SQLite store: a write that succeeds ends the failure that the check tells of', async () => {
  const { store, limit } = await openLimited('small-again.db')
  limit('query_only = ON')
  await assert.rejects(store.scopes.save({ name: 'a', description: 'a', is_default: false }), StorageUnavailable)
  limit('query_only = OFF')
  await store.scopes.save({ name: 'a', description: 'a', is_default: false })
  limit('max_page_count = 1')
  await store.check()
  await store.close()
})

test('SQLite store: what was read amid a transaction that failed is forgotten', async () => {
  const { store, limit } = await openLimited('forgotten.db')
  await store.clients.save(clientNamed('client'))
  limit('max_page_count = 50')
  const results = await Promise.allSettled([
    store.clients.save(clientNamed('client', { client_name: 'Renamed' })),
    store.ledger.commit({ at: start, requireClient: 'client', accessToken: accessNamed('access') }),
    store.interactions.save(interactionNamed('huge', { request: { state: 'x'.repeat(1_000_000) } })),
  ])
  for (const { status } of results) assert.equal(status, 'rejected')
  assert.equal((await store.clients.find('client'))?.client_name, clientNamed('client').client_name)
  assert.equal(await store.tokens.findAccess(digestOf('access')), undefined)
  await store.close()
})

test('SQLite store: a database that became read-only is StorageUnavailable on writes, while reads go on', async () => {
  const { store, limit } = await openLimited('readonly.db')
  await saveFamily(store, 'family')
  limit('query_only = ON')
  await assert.rejects(store.authorizations.revoke('family', start), StorageUnavailable)
  await assert.rejects(store.check(), StorageUnavailable)
  assert.equal(await isLiveAccess(store, 'family access'), true)
  limit('query_only = OFF')
  assert.equal(await store.authorizations.revoke('family', start), true)
  await store.close()
})

test('SQLite store: a write waits for another process, and gives up when it takes too long', async () => {
  const file = join(directory, 'locked.db')
  messages.length = 0
  const patient = await sqliteStore({ file, busyTimeout: 60_000 })
  const hasty = await sqliteStore({ file, busyTimeout: 1, logger })
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  const waiting = patient.ledger.commit({ at: start, accessToken: accessNamed('waiting') })
  const refused = [1, 2].map((number) => hasty.ledger.commit({ at: start, accessToken: accessNamed(`${number}`) }))
  for (const result of await Promise.allSettled(refused)) {
    assert.ok(result.status === 'rejected' && result.reason instanceof StorageUnavailable)
  }
  assert.equal(await hasty.tokens.findAccess(digestOf('waiting')), undefined)
  await turn()
  other.exec('ROLLBACK')
  other.close()
  assert.equal(await waiting, 'done')
  await hasty.check()
  assert.deepEqual(messages, ['The SQLite database takes no writes', 'The SQLite database takes writes again'])
  await patient.close()
  await hasty.close()
})

test('SQLite store: nothing is acknowledged into a database file that was deleted or replaced', async () => {
  const file = join(directory, 'replaced.db')
  const store = await sqliteStore({ file })
  const save = (name: string) => store.ledger.commit({ at: start, accessToken: accessNamed(name) })
  await save('before')
  renameSync(file, `${file}.away`)
  await assert.rejects(save('deleted'), /deleted while in use/)
  writeFileSync(file, '')
  await assert.rejects(save('replaced'), /replaced while in use/)
  await assert.rejects(store.tokens.findAccess(digestOf('before')), StorageUnavailable)
  renameSync(`${file}.away`, file)
  assert.equal(await save('after'), 'done')
  assert.equal(await store.tokens.findAccess(digestOf('replaced')), undefined)
  await store.close()
})

test('SQLite store: a file that is no database is StorageUnavailable at the start', async () => {
  const file = join(directory, 'text.db')
  writeFileSync(file, 'This is no database. '.repeat(500))
  await assert.rejects(sqliteStore({ file }), StorageUnavailable)
  await assert.rejects(sqliteStore({ file: directory }), StorageUnavailable)
})

test('SQLite store: closing answers what was queued, and everything after it is StorageUnavailable', async () => {
  const file = join(directory, 'closed.db')
  const store = await sqliteStore({ file })
  const queued = store.ledger.commit({ at: start, accessToken: accessNamed('queued') })
  const closing = store.close()
  await assert.rejects(store.ledger.commit({ at: start, accessToken: accessNamed('late') }), StorageUnavailable)
  assert.equal(await queued, 'done')
  await closing
  await assert.rejects(store.check(), StorageUnavailable)
  await assert.rejects(store.tokens.findAccess(digestOf('queued')), StorageUnavailable)
  const reopened = await sqliteStore({ file })
  assert.equal(await isLiveAccess(reopened, 'queued'), true)
  await reopened.close()
})

test('SQLite store: the database, its log and its directory can be read by their owner only', async () => {
  const inner = join(directory, 'made', 'for', 'it')
  const file = join(inner, 'private.db')
  const store = await sqliteStore({ file })
  await store.check()
  const mode = (path: string): number => statSync(path).mode & 0o777
  for (const path of [file, `${file}-wal`, `${file}-shm`]) assert.equal(mode(path), 0o600)
  assert.equal(mode(inner), 0o700)
  await store.close()
})

test('SQLite store: a database file without permission is StorageUnavailable at the start', {
  skip: process.getuid?.() === 0 && 'permissions do not bind root',
}, async () => {
  const file = join(directory, 'forbidden.db')
  writeFileSync(file, '')
  chmodSync(file, 0o400)
  await assert.rejects(sqliteStore({ file }), StorageUnavailable)
})
