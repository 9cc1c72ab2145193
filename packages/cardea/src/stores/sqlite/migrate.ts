import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { migrations } from '../sql/migrations/index.ts'
import { applyMigrations } from './apply-migrations.ts'
import { inMemory, openConnection } from './connection.ts'
import { type SchemaStatus, schemaStatus } from './schema-status.ts'
import { failureFrom } from './storage-failure.ts'

/** Milliseconds to wait for a process that holds the database. */
const patience = 3000

/** What the database file has and what it lacks. A file that does not exist lacks everything and is not created. */
export async function migrationStatus(file: string): Promise<SchemaStatus> {
  return withConnection(existsSync(file) ? file : inMemory, (connection) => schemaStatus(connection, migrations))
}

/**
 * Brings the schema of the database file up to date, all or nothing, and returns the names of what was applied.
 * `dryRun` tries it and changes nothing.
 * @throws SchemaMismatch when the database is newer than the code
 */
export async function migrateSqlite(file: string, { dryRun = false }: { dryRun?: boolean } = {}): Promise<string[]> {
  const target = dryRun && !existsSync(file) ? inMemory : file
  return withConnection(target, (connection) => applyMigrations({ connection, file, migrations, dryRun }))
}

async function withConnection<T>(file: string, use: (connection: DatabaseSync) => T | Promise<T>): Promise<T> {
  const connection = await openConnection(file, patience)
  try {
    return await use(connection)
  } catch (error) {
    throw failureFrom(error)
  } finally {
    connection.close()
  }
}
