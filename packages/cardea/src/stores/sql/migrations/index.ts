import type { Migration } from 'kysely/migration'
import type { SchemaDialect } from './schema-dialect.ts'

export interface SchemaMigration {
  /** Sorts after every earlier one; recorded in the database, so it never changes. */
  readonly name: string
  /** Loaded only when it is needed: a database that is current starts without the schema builder. */
  readonly load: () => Promise<(dialect: SchemaDialect) => Migration>
}

/** All there are, oldest first. A new one is a file beside this and a line here. */
export const migrations: readonly SchemaMigration[] = [
  { name: '0001-foundation', load: async () => (await import('./0001-foundation.ts')).foundation },
  { name: '0002-extensions', load: async () => (await import('./0002-extensions.ts')).extensions },
  { name: '0003-grant-type', load: async () => (await import('./0003-grant-type.ts')).grantType },
  {
    name: '0004-session-authentication',
    load: async () => (await import('./0004-session-authentication.ts')).sessionAuthentication,
  },
  { name: '0005-unkept-tokens', load: async () => (await import('./0005-unkept-tokens.ts')).unkeptTokens },
  { name: '0006-signed-pushes', load: async () => (await import('./0006-signed-pushes.ts')).signedPushes },
]
