import type { Migration } from 'kysely/migration'
import type { SchemaDialect } from './schema-dialect.ts'
import { createTable, type Table } from './table.ts'

/** What is kept as JSON: read whole, never searched, and absent from most rows. */
const added: Readonly<Record<string, string>> = {
  clients: 'extensions',
  authorizations: 'facts',
  consents: 'facts',
  interactions: 'facts',
  codes: 'facts',
  access_tokens: 'facts',
  refresh_tokens: 'facts',
}

const tables: readonly Table[] = [
  {
    name: 'device_requests',
    primaryKey: ['digest'],
    wide: true,
    columns: {
      digest: 'digest',
      // Digest of the user code.
      user_code: 'digest',
      client_id: 'key',
      scope: 'text',
      facts: 'text?',
      poll_interval: 'number',
      created_at: 'time',
      expires_at: 'time',
      claimed_by: 'text?',
      polled_at: 'time?',
      // Who approved it.
      user_id: 'key?',
      approved_scope: 'text?',
      approved_facts: 'text?',
      session_id: 'text?',
      denied_at: 'time?',
      spent_at: 'time?',
    },
    unique: ['user_code'],
    checks: {
      approval: '(user_id is null) = (approved_scope is null)',
      decision: 'denied_at is null or user_id is null',
      spent: 'spent_at is null or user_id is not null',
    },
    indexes: [{ columns: ['expires_at'] }, { columns: ['client_id'] }, { columns: ['user_id'], notNull: ['user_id'] }],
  },
  {
    name: 'pushed_requests',
    primaryKey: ['digest'],
    wide: true,
    columns: {
      digest: 'digest',
      client_id: 'text',
      parameters: 'text',
      created_at: 'time',
      expires_at: 'time',
      taken_at: 'time?',
    },
    indexes: [{ columns: ['expires_at'] }],
  },
  {
    name: 'signing_keys',
    primaryKey: ['kid'],
    wide: true,
    columns: {
      kid: 'key',
      alg: 'text',
      key_use: 'text',
      state: 'text',
      public_jwk: 'text',
      sealed_private_jwk: 'text',
      created_at: 'time',
      activated_at: 'time?',
      retired_at: 'time?',
      expires_at: 'time?',
    },
    checks: { uses: "key_use in ('sig', 'enc')", states: "state in ('next', 'active', 'retired')" },
    indexes: [{ columns: ['expires_at'], notNull: ['expires_at'] }],
  },
  {
    name: 'resources',
    primaryKey: ['identifier'],
    wide: true,
    columns: {
      identifier: 'key',
      name: 'text',
      scopes: 'text?',
      token_format: 'text?',
      signing_alg: 'text?',
      access_token_lifetime: 'number?',
      position: 'number',
    },
    checks: { formats: "token_format in ('opaque', 'jwt')" },
  },
  {
    name: 'initial_access_tokens',
    primaryKey: ['digest'],
    columns: {
      digest: 'digest',
      label: 'text',
      created_at: 'time',
      expires_at: 'time?',
      uses_left: 'number?',
      policy: 'text?',
    },
    checks: { uses: 'uses_left >= 0' },
    indexes: [{ columns: ['expires_at'], notNull: ['expires_at'] }],
  },
]

/** What extensions of OAuth 2 keep: facts of grants, devices, pushed requests, keys, resources, registration. */
export const extensions = (dialect: SchemaDialect): Migration => ({
  async up(db) {
    for (const [table, column] of Object.entries(added)) {
      await db.schema.alterTable(table).addColumn(column, dialect.text).execute()
    }
    for (const table of tables) await createTable(db, dialect, table)
  },
})
