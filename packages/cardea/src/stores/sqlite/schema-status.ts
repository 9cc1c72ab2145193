import type { DatabaseSync } from 'node:sqlite'

export const migrationTable = 'schema_migrations'
export const migrationLockTable = 'schema_migration_lock'

/** Names of migrations, oldest first. */
export interface SchemaStatus {
  /** In the database. */
  readonly applied: readonly string[]
  /** Known here and not applied yet. */
  readonly pending: readonly string[]
  /** Applied by a newer release; this one cannot know what they changed. */
  readonly unknown: readonly string[]
}

/** The schema is older than the code and may not be migrated, or newer than the code. */
export class SchemaMismatch extends Error {
  /** What the database has and what it lacks. */
  readonly status: SchemaStatus

  constructor(message: string, status: SchemaStatus) {
    super(message)
    this.name = 'SchemaMismatch'
    this.status = status
  }
}

/** Compares the database with the migrations there are, of which the names are enough. */
export function schemaStatus(connection: DatabaseSync, migrations: readonly { readonly name: string }[]): SchemaStatus {
  const applied = appliedMigrations(connection)
  const known = migrations.map(({ name }) => name)
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  }
}

function appliedMigrations(connection: DatabaseSync): string[] {
  const exists = connection.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(migrationTable)
  if (exists === undefined) return []
  const rows = connection.prepare(`SELECT name FROM ${migrationTable} ORDER BY name`).all()
  return rows.map((row) => String(row.name))
}

/** @throws SchemaMismatch for a database that a newer release has migrated */
export function refuseNewer(file: string, status: SchemaStatus): void {
  if (status.unknown.length === 0) return
  const message = `The database ${file} was migrated by a newer release (${status.unknown.join(', ')}); use that release, or a backup from before it`
  throw new SchemaMismatch(message, status)
}

/** @throws SchemaMismatch unless the schema is what this release needs */
export function refuseOutdated(file: string, status: SchemaStatus): void {
  if (status.pending.length === 0) return
  const message = `The database ${file} lacks the migrations ${status.pending.join(', ')}; run them first, or allow them at start`
  throw new SchemaMismatch(message, status)
}
