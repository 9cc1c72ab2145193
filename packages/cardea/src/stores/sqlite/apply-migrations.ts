import type { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { SchemaMigration } from '../sql/migrations/index.ts'
import type { SchemaDialect } from '../sql/migrations/schema-dialect.ts'
import { migrationLockTable, migrationTable, refuseNewer, schemaStatus } from './schema-status.ts'
import { untilFree } from './until-free.ts'

/** Milliseconds to wait for another process that migrates. */
const patience = 60_000

export interface ApplyOptions {
  readonly connection: DatabaseSync
  readonly file: string
  readonly migrations: readonly SchemaMigration[]
  /** Undo it all at the end: shows that the migrations would succeed. */
  readonly dryRun: boolean
}

/**
 * Applies what is pending in one transaction and returns the names. Of several processes one does it, the others wait
 * and find it done.
 * @throws SchemaMismatch when the database is newer than the code; any other failure leaves the database as it was
 */
export async function applyMigrations({ connection, file, migrations, dryRun }: ApplyOptions): Promise<string[]> {
  try {
    await untilFree(patience, () => connection.exec('BEGIN IMMEDIATE'))
    const status = schemaStatus(connection, migrations)
    refuseNewer(file, status)
    if (status.pending.length > 0) await runPending(connection, migrations)
    connection.exec(dryRun ? 'ROLLBACK' : 'COMMIT')
    return [...status.pending]
  } finally {
    if (connection.isTransaction) connection.exec('ROLLBACK')
  }
}

async function runPending(connection: DatabaseSync, migrations: readonly SchemaMigration[]): Promise<void> {
  const { Migrator } = await import('kysely/migration')
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
