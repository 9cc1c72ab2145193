import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'
import { TurnCommits } from './turn-commits.ts'

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE model (
    key TEXT PRIMARY KEY, payload TEXT NOT NULL, expiresAt INTEGER, grantId TEXT, uid TEXT, consumed INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX model_by_grant ON model (grantId) WHERE grantId IS NOT NULL;
  CREATE INDEX model_by_uid ON model (uid) WHERE uid IS NOT NULL;`

const seconds = () => Math.floor(Date.now() / 1000)

/** Keeps the models of oidc-provider in SQLite, as durably as the others are: WAL, FULL, one commit per turn. */
export function createAdapterFactory(file: string): AdapterFactory {
  const database = new DatabaseSync(file)
  database.exec(SCHEMA)
  const commits = new TurnCommits(database)
  const upsert = database.prepare(
    `INSERT INTO model (key, payload, expiresAt, grantId, uid) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, expiresAt = excluded.expiresAt`,
  )
  const find = database.prepare(
    'SELECT payload, consumed FROM model WHERE key = ? AND (expiresAt IS NULL OR expiresAt > ?)',
  )
  const findByUid = database.prepare('SELECT payload, consumed FROM model WHERE uid = ?')
  const destroy = database.prepare('DELETE FROM model WHERE key = ?')
  const consume = database.prepare('UPDATE model SET consumed = ? WHERE key = ?')
  const revoke = database.prepare('DELETE FROM model WHERE grantId = ?')

  return (name: string): Adapter => ({
    async upsert(id, payload, expiresIn) {
      const expiresAt = expiresIn ? seconds() + expiresIn : null
      const values = [JSON.stringify(payload), expiresAt, payload.grantId ?? null, payload.uid ?? null] as const
      await commits.write(() => upsert.run(`${name}:${id}`, ...values))
    },
    find: async (id) => toPayload(find.get(`${name}:${id}`, seconds())),
    findByUid: async (uid) => toPayload(findByUid.get(uid)),
    findByUserCode: async () => undefined,
    async consume(id) {
      await commits.write(() => consume.run(seconds(), `${name}:${id}`))
    },
    async destroy(id) {
      await commits.write(() => destroy.run(`${name}:${id}`))
    },
    async revokeByGrantId(grantId) {
      await commits.write(() => revoke.run(grantId))
    },
  })
}

function toPayload(row: Record<string, SQLOutputValue> | undefined): AdapterPayload | undefined {
  if (!row) return undefined
  const payload: AdapterPayload = JSON.parse(String(row.payload))
  return row.consumed === null ? payload : { ...payload, consumed: true }
}
