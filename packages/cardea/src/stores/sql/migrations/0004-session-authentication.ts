import type { Migration } from 'kysely/migration'
import type { SchemaDialect } from './schema-dialect.ts'

/** How somebody signed in, besides when. Null: nobody said. */
export const sessionAuthentication = (dialect: SchemaDialect): Migration => ({
  async up(db) {
    for (const column of ['acr', 'amr'])
      await db.schema.alterTable('sessions').addColumn(column, dialect.text).execute()
  },
})
