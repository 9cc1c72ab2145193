import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { clientNamed } from '../../testing/store-contract/nouns.ts'
import { migrations, type SchemaMigration } from '../sql/migrations/index.ts'
import { applyMigrations, schemaPackage } from './apply-migrations.ts'
import { migrateSqlite, migrationStatus, SchemaMismatch, sqliteStore } from './index.ts'
import { openStore } from './open-store.ts'

const directory = mkdtempSync(join(tmpdir(), 'cardea-migrations-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const names = migrations.map(({ name }) => name)

const schemaOf = (file: string): unknown[] => {
  const database = new DatabaseSync(file)
  const schema = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all()
  database.close()
  return schema
}

const later = (fails: boolean): SchemaMigration => ({
  name: '9999-later',
  load: async () => () => ({
    async up(db) {
      await db.schema.alterTable('clients').addColumn('colour', 'text').execute()
      await db.deleteFrom('clients').execute()
      if (fails) throw new Error('out of colours')
    },
  }),
})

test('SQLite migrations: a new database gets the whole schema, strictly typed', async () => {
  const file = join(directory, 'new.db')
  assert.deepEqual(await migrationStatus(file), { applied: [], pending: names, unknown: [] })
  assert.equal(existsSync(file), false)
  assert.deepEqual(await migrateSqlite(file), names)
  assert.deepEqual(await migrationStatus(file), { applied: names, pending: [], unknown: [] })
  assert.deepEqual(await migrateSqlite(file), [])
  const database = new DatabaseSync(file)
  const tables = database.prepare("SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite%'").all()
  const own = tables.filter(({ name }) => !String(name).startsWith('schema_migration'))
  assert.equal(own.length, 22)
  for (const { name, strict } of own) assert.equal(strict, 1, `${name} is not strict`)
  const insert = database.prepare('INSERT INTO sessions (digest, user_id, auth_time, expires_at) VALUES (?, ?, 1, 1)')
  assert.throws(() => insert.run('a raw cookie', 'user'), /constraint/)
  database.close()
})

test('SQLite migrations: the schema of a new database is what the migrations lead to, row for row', async () => {
  const contentOf = (file: string): unknown[] => {
    const database = new DatabaseSync(file)
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
    const rows = tables.map(({ name }) => [name, database.prepare(`SELECT * FROM ${name}`).all()])
    database.close()
    return [schemaOf(file), rows].map((part) => JSON.stringify(part).replaceAll(/"timestamp":"[^"]*"/g, ''))
  }
  const [fresh, migrated] = [join(directory, 'generated.db'), join(directory, 'migrated.db')]
  await migrateSqlite(fresh)
  const connection = new DatabaseSync(migrated)
  await applyMigrations({ connection, file: migrated, migrations, dryRun: false, fresh: undefined })
  connection.close()
  assert.deepEqual(contentOf(fresh), contentOf(migrated))
})

test('SQLite migrations: a dry run names what it would do and changes nothing', async () => {
  const file = join(directory, 'dry.db')
  assert.deepEqual(await migrateSqlite(file, { dryRun: true }), names)
  assert.equal(existsSync(file), false)
  new DatabaseSync(file).close()
  assert.deepEqual(await migrateSqlite(file, { dryRun: true }), names)
  assert.deepEqual(schemaOf(file), [])
})

test('SQLite migrations: one that fails half-way changes nothing, and its error says which', async () => {
  const fresh = join(directory, 'fresh.db')
  await assert.rejects(openStore({ file: fresh }, { migrations: [...migrations, later(true)] }), /9999-later failed/)
  assert.deepEqual(schemaOf(fresh), [])

  const file = join(directory, 'half.db')
  const store = await sqliteStore({ file })
  await store.clients.save(clientNamed('client'))
  await store.close()
  const before = schemaOf(file)
  await assert.rejects(openStore({ file }, { migrations: [...migrations, later(true)] }), /database is as it was/)
  assert.deepEqual(schemaOf(file), before)
  const again = await sqliteStore({ file })
  assert.equal((await again.clients.find('client'))?.client_id, 'client')
  await again.close()
})

test('SQLite migrations: a database of a newer release is refused, naming what is unknown', async () => {
  const file = join(directory, 'newer.db')
  const newer = await openStore({ file }, { migrations: [...migrations, later(false)] })
  await newer.close()
  const before = schemaOf(file)
  await assert.rejects(sqliteStore({ file }), (error) => {
    assert.ok(error instanceof SchemaMismatch)
    assert.match(error.message, /newer release \(9999-later\)/)
    return true
  })
  await assert.rejects(migrateSqlite(file), SchemaMismatch)
  assert.deepEqual((await migrationStatus(file)).unknown, ['9999-later'])
  assert.deepEqual(schemaOf(file), before)
})

test('SQLite migrations: where they are not allowed at start, an outdated schema is refused and left alone', async () => {
  const file = join(directory, 'refused.db')
  await assert.rejects(sqliteStore({ file, migrate: false }), (error) => {
    assert.ok(error instanceof SchemaMismatch)
    assert.deepEqual(error.status.pending, names)
    return true
  })
  assert.deepEqual(schemaOf(file), [])
  await migrateSqlite(file)
  const store = await sqliteStore({ file, migrate: false })
  await store.check()
  await store.close()
})

test('SQLite migrations: of several at once one does it, and the others find it done', async () => {
  const file = join(directory, 'several.db')
  const done = await Promise.all([1, 2, 3].map(() => migrateSqlite(file)))
  assert.deepEqual(done.flat(), names)
})

test('SQLite migrations: without the package for migrations, the error says what to install', async () => {
  const specifier = 'kysely-that-is-not-installed'
  await assert.rejects(
    schemaPackage(() => import(specifier)),
    /needs a migration; run `npm install kysely`/,
  )
  await assert.rejects(
    schemaPackage(() => Promise.reject(new SyntaxError('broken'))),
    SyntaxError,
  )
})
