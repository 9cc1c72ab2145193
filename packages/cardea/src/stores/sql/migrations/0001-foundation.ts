import type { Migration } from 'kysely/migration'
import type { SchemaDialect } from './schema-dialect.ts'
import { createTable, type Table } from './table.ts'

const byExpiry = { columns: ['expires_at'] }

/** Registered things; few, and read whole. */
const registries: readonly Table[] = [
  {
    name: 'clients',
    primaryKey: ['client_id'],
    wide: true,
    columns: {
      client_id: 'key',
      client_name: 'text',
      redirect_uris: 'text',
      grant_types: 'text',
      response_types: 'text',
      token_endpoint_auth_method: 'text',
      application_type: 'text',
      scope: 'text?',
      client_uri: 'text?',
      logo_uri: 'text?',
      policy_uri: 'text?',
      tos_uri: 'text?',
      contacts: 'text?',
      client_id_issued_at: 'time',
      client_secret_expires_at: 'time?',
      client_secret_hash: 'text?',
      pkce: 'text?',
      first_party: 'flag?',
      introspect_any: 'flag?',
      response_modes: 'text?',
      oauth1: 'text?',
      disabled: 'flag?',
    },
    checks: { application_types: "application_type in ('web', 'native')" },
  },
  {
    name: 'users',
    primaryKey: ['id'],
    wide: true,
    columns: {
      id: 'key',
      username: 'text',
      canonical_username: 'key',
      email: 'text?',
      name: 'text?',
      disabled: 'flag?',
      password_hash: 'text?',
      created_at: 'time',
    },
    unique: ['canonical_username'],
  },
  {
    name: 'scopes',
    primaryKey: ['name'],
    columns: { name: 'key', description: 'text', is_default: 'flag', position: 'number' },
  },
]

/** What resource owners allowed, and what was issued for it. */
const grants: readonly Table[] = [
  {
    name: 'authorizations',
    primaryKey: ['id'],
    // New rows then follow each other in the table and in the index by client, instead of each dirtying a page.
    wide: true,
    columns: {
      id: 'key',
      client_id: 'key',
      user_id: 'key?',
      scope: 'text',
      session_id: 'text?',
      created_at: 'time',
      expires_at: 'time',
      revoked_at: 'time?',
      // Access tokens of an earlier generation were ended by a rotation.
      generation: 'number',
    },
    indexes: [byExpiry, { columns: ['client_id'] }, { columns: ['user_id'], notNull: ['user_id'] }],
  },
  {
    name: 'consents',
    primaryKey: ['user_id', 'client_id'],
    columns: { user_id: 'key', client_id: 'key', scope: 'text', updated_at: 'time' },
    indexes: [{ columns: ['client_id'] }],
  },
  {
    name: 'codes',
    primaryKey: ['digest'],
    wide: true,
    columns: {
      digest: 'digest',
      authorization_id: 'text',
      client_id: 'text',
      user_id: 'text',
      scope: 'text',
      redirect_uri: 'text',
      redirect_uri_sent: 'flag',
      code_challenge: 'text?',
      code_challenge_method: 'text?',
      session_id: 'text?',
      auth_time: 'time',
      issued_at: 'time',
      expires_at: 'time',
      spent_at: 'time?',
    },
    checks: {
      methods: "code_challenge_method in ('S256', 'plain')",
      challenge: '(code_challenge is null) = (code_challenge_method is null)',
    },
    indexes: [byExpiry],
  },
  // No index of tokens by authorization: it would cost every token a page to write, and what hangs below an
  // authorization that is gone cannot be found, and goes when it expires.
  {
    name: 'access_tokens',
    primaryKey: ['digest'],
    columns: {
      digest: 'digest',
      authorization_id: 'text?',
      client_id: 'text',
      user_id: 'key?',
      scope: 'text',
      issued_at: 'time',
      expires_at: 'time?',
      revoked_at: 'time?',
      generation: 'number',
      // For the sweep: a token that does not expire goes with its authorization.
      kept_until: 'time?',
    },
    indexes: [
      { columns: ['kept_until'], notNull: ['kept_until'] },
      { columns: ['user_id'], notNull: ['user_id'], onlyNull: ['authorization_id'] },
    ],
  },
  {
    name: 'refresh_tokens',
    primaryKey: ['digest'],
    columns: {
      digest: 'digest',
      authorization_id: 'text',
      client_id: 'text',
      user_id: 'text?',
      scope: 'text',
      issued_at: 'time',
      expires_at: 'time',
      spent_at: 'time?',
      successor: 'digest?',
    },
    checks: { spent: '(spent_at is null) = (successor is null)' },
    indexes: [byExpiry],
  },
]

/** What OAuth 1 has besides, and marks that may be made once. */
const signedRequests: readonly Table[] = [
  {
    name: 'temporary_credentials',
    primaryKey: ['digest'],
    wide: true,
    columns: {
      digest: 'digest',
      client_id: 'text',
      sealed_secret: 'text',
      callback: 'text',
      scope: 'text',
      created_at: 'time',
      expires_at: 'time',
      // Who approved it.
      user_id: 'text?',
      approved_scope: 'text?',
      verifier: 'digest?',
      session_id: 'text?',
      taken_at: 'time?',
    },
    checks: {
      approval: '(user_id is null) = (verifier is null) and (user_id is null) = (approved_scope is null)',
      taken: 'taken_at is null or user_id is not null',
    },
    indexes: [byExpiry],
  },
  {
    name: 'token_credentials',
    primaryKey: ['digest'],
    columns: {
      digest: 'digest',
      authorization_id: 'text',
      client_id: 'text',
      user_id: 'key',
      scope: 'text',
      sealed_secret: 'text',
      issued_at: 'time',
      expires_at: 'time?',
      revoked_at: 'time?',
      last_used_at: 'time?',
      // For the sweep: no longer than its authorization.
      kept_until: 'time',
    },
    indexes: [{ columns: ['kept_until'] }, { columns: ['user_id'] }],
  },
  {
    name: 'replay_marks',
    primaryKey: ['key'],
    columns: { key: 'key', until: 'time' },
    indexes: [{ columns: ['until'] }],
  },
]

/** What belongs to a browser, and what guards it. */
const browsers: readonly Table[] = [
  {
    name: 'interactions',
    primaryKey: ['id'],
    wide: true,
    columns: {
      id: 'key',
      browser: 'digest',
      protocol: 'text',
      client_id: 'text',
      scope: 'text',
      redirect_uri: 'text',
      fresh_sign_in: 'flag',
      stale_session: 'digest?',
      ask_consent: 'flag',
      request: 'text',
      created_at: 'time',
      expires_at: 'time',
      taken_at: 'time?',
    },
    indexes: [byExpiry],
  },
  {
    name: 'sessions',
    primaryKey: ['digest'],
    columns: { digest: 'digest', user_id: 'key', auth_time: 'time', expires_at: 'time' },
    indexes: [byExpiry, { columns: ['user_id'] }],
  },
  {
    name: 'attempts',
    primaryKey: ['key'],
    columns: { key: 'key', count: 'number', ends_at: 'time' },
    indexes: [{ columns: ['ends_at'] }],
  },
]

/** One row that a health check changes: only a real commit proves that the disk takes writes. */
const writeChecks: Table = {
  name: 'write_checks',
  primaryKey: ['id'],
  columns: { id: 'number', count: 'number' },
  checks: { one_row: 'id = 1' },
}

/** The tables of the first release: one per noun. */
export const foundation = (dialect: SchemaDialect): Migration => ({
  async up(db) {
    for (const table of [...registries, ...grants, ...signedRequests, ...browsers, writeChecks])
      await createTable(db, dialect, table)
    await db.insertInto('write_checks').values({ id: 1, count: 0 }).execute()
  },
})
