import type { Migration } from 'kysely/migration'
import type { SchemaDialect } from './schema-dialect.ts'

/** What an authorization came from: lifetimes go by it. Null for those that were there before. */
export const grantType = (dialect: SchemaDialect): Migration => ({
  async up(db) {
    await db.schema.alterTable('authorizations').addColumn('grant_type', dialect.text).execute()
  },
})
