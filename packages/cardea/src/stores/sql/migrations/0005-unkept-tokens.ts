import type { Migration } from 'kysely/migration'
import type { SchemaDialect } from './schema-dialect.ts'
import { createTable, type Table } from './table.ts'

const tables: readonly Table[] = [
  {
    name: 'revoked_tokens',
    primaryKey: ['digest'],
    columns: { digest: 'digest', until: 'time' },
    indexes: [{ columns: ['until'] }],
  },
  {
    name: 'token_generations',
    primaryKey: ['client_id'],
    // A generation is as large as a time.
    columns: { client_id: 'key', generation: 'time', kept_until: 'time' },
    indexes: [{ columns: ['kept_until'] }],
  },
]

/** Resources whose tokens have no row, and what has ended of those. Null: they have one. */
export const unkeptTokens = (dialect: SchemaDialect): Migration => ({
  async up(db) {
    await db.schema.alterTable('resources').addColumn('keeps_tokens', dialect.number).execute()
    for (const table of tables) await createTable(db, dialect, table)
  },
})
