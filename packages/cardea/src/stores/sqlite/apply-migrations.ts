import type { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { SchemaMigration } from '../sql/migrations/index.ts'
import type { SchemaDialect } from '../sql/migrations/schema-dialect.ts'
import { freshSchema, freshSchemaMigrations } from './fresh-schema.ts'
import { migrationLockTable, migrationTable, refuseNewer, type SchemaStatus, schemaStatus } from './schema-status.ts'
import { untilFree } from './until-free.ts'

/** Milliseconds to wait for another process that migrates. */
const patience = 60_000

export interface ApplyOptions {
  readonly connection: DatabaseSync
  readonly file: string
  readonly migrations: readonly SchemaMigration[]
  /** Undo it all at the end: shows that the migrations would succeed. */
  readonly dryRun: boolean
  /** What the migrations lead to, for a database that has none of them yet. Default: the generated one. */
  readonly fresh?: FreshSchema | undefined
}

export interface FreshSchema {
  /** Names of the migrations it stands for. */
  readonly migrations: readonly string[]
  readonly statements: readonly string[]
}

const generatedSchema: FreshSchema = { migrations: freshSchemaMigrations, statements: freshSchema }

/**
 * Applies what is pending in one transaction and returns the names. Of several processes one does it, the others wait
 * and find it done.
 * @throws SchemaMismatch when the database is newer than the code; any other failure leaves the database as it was
 */
export async function applyMigrations(options: ApplyOptions): Promise<string[]> {
  const { connection, file, migrations, dryRun } = options
  const fresh = 'fresh' in options ? options.fresh : generatedSchema
  try {
    await untilFree(patience, () => connection.exec('BEGIN IMMEDIATE'))
    const status = schemaStatus(connection, migrations)
    refuseNewer(file, status)
    if (standsFor(fresh, status, migrations)) createFresh(connection, fresh)
    else if (status.pending.length > 0) await runPending(connection, migrations)
    connection.exec(dryRun ? 'ROLLBACK' : 'COMMIT')
    return [...status.pending]
  } finally {
    if (connection.isTransaction) connection.exec('ROLLBACK')
  }
}

function standsFor(
  fresh: FreshSchema | undefined,
  { applied }: SchemaStatus,
  migrations: readonly SchemaMigration[],
): fresh is FreshSchema {
  if (fresh === undefined || applied.length > 0 || migrations.length !== fresh.migrations.length) return false
  return migrations.every(({ name }, index) => name === fresh.migrations[index])
}

/** Loading the schema builder takes longer than all the rest of a first start. */
function createFresh(connection: DatabaseSync, { migrations, statements }: FreshSchema): void {
  for (const statement of statements) connection.exec(statement)
  const record = connection.prepare(`INSERT INTO ${migrationTable} (name, timestamp) VALUES (?, ?)`)
  for (const name of migrations) record.run(name, new Date().toISOString())
  connection.exec(`INSERT INTO ${migrationLockTable} (id, is_locked) VALUES ('migration_lock', 0)`)
}

async function runPending(connection: DatabaseSync, migrations: readonly SchemaMigration[]): Promise<void> {
  const { Migrator } = await schemaPackage(() => import('kysely/migration'))
  const db = await schemaBuilder(connection)
  const dialect = await sqliteSchema()
  const provider = {
    async getMigrations(): Promise<Record<string, Migration>> {
      const loaded = migrations.map(async ({ name, load }) => [name, (await load())(dialect)] as const)
      return Object.fromEntries(await Promise.all(loaded))
    },
  }
  const migrator = new Migrator({
    db,
    provider,
    migrationTableName: migrationTable,
    migrationLockTableName: migrationLockTable,
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  const name = results?.find(({ status }) => status === 'Error')?.migrationName
  throw new Error(`The migration ${name ?? 'of the schema'} failed; the database is as it was before`, { cause: error })
}

/**
 * Hosts need the package for this alone, and may not have it.
 * @throws Error that says how to install it
 */
export async function schemaPackage<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException | undefined)?.code !== 'ERR_MODULE_NOT_FOUND') throw cause
    throw new Error(
      'This database was made by an earlier release and needs a migration; run `npm install kysely` and start again. Nothing was changed',
      { cause },
    )
  }
}

/** Kysely over a connection that is inside a transaction already. */
async function schemaBuilder(connection: DatabaseSync): Promise<Kysely<unknown>> {
  const { Kysely, SqliteDialect } = await import('kysely')
  const database = {
    close() {},
    prepare(sql: string) {
      const statement = connection.prepare(sql)
      return {
        reader: statement.columns().length > 0,
        all: (values: readonly unknown[]) => statement.all(...(values as string[])),
        run: (values: readonly unknown[]) => statement.run(...(values as string[])),
        iterate: (values: readonly unknown[]) => statement.iterate(...(values as string[])),
      }
    },
  }
  return new Kysely({ dialect: new SqliteDialect({ database }) })
}

async function sqliteSchema(): Promise<SchemaDialect> {
  const { sql } = await import('kysely')
  return {
    key: 'text',
    text: 'text',
    number: 'integer',
    time: 'integer',
    tableEnd: (wide) => (wide ? sql`strict` : sql`strict, without rowid`),
    partialIndexes: true,
  }
}
