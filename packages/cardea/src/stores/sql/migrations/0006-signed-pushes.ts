import type { Migration } from 'kysely/migration'
import type { SchemaDialect } from './schema-dialect.ts'

/** Whether a pushed request was signed. Null: it was not, or was there before; those live for minutes. */
export const signedPushes = (dialect: SchemaDialect): Migration => ({
  async up(db) {
    await db.schema.alterTable('pushed_requests').addColumn('signed', dialect.number).execute()
  },
})
