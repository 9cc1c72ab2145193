import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { digestOf, mintToken, now } from './http-floor.ts'
import type { TurnCommits } from './turn-commits.ts'

const PREFIX = 'urn:ietf:params:oauth:request_uri:'
const LIFETIME = 300

const SCHEMA = `
  CREATE TABLE pushed (
    digest TEXT PRIMARY KEY, client TEXT NOT NULL, parameters TEXT NOT NULL, expiresAt INTEGER NOT NULL,
    spent INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE INDEX pushed_by_expiry ON pushed (expiresAt);`

/** Pushed authorization requests (RFC 9126): durable, and each good for one answer. */
export class FloorPushed {
  readonly #commits: TurnCommits
  readonly #insert: StatementSync
  readonly #spend: StatementSync

  constructor(database: DatabaseSync, commits: TurnCommits) {
    database.exec(SCHEMA)
    this.#commits = commits
    this.#insert = database.prepare('INSERT INTO pushed VALUES (?, ?, ?, ?, 0)')
    this.#spend = database.prepare(
      'UPDATE pushed SET spent = 1 WHERE digest = ? AND client = ? AND spent = 0 AND expiresAt > ? RETURNING parameters',
    )
  }

  save(client: string, form: URLSearchParams): { request_uri: string; expires_in: number } {
    const reference = mintToken()
    this.#commits.begin()
    this.#insert.run(digestOf(reference), client, form.toString(), now() + LIFETIME)
    return { request_uri: PREFIX + reference, expires_in: LIFETIME }
  }

  /** The parameters behind a reference that has not been used yet. */
  spend(client: string, reference: string): URLSearchParams | undefined {
    this.#commits.begin()
    const row = this.#spend.get(digestOf(reference.slice(PREFIX.length)), client, now())
    return row && new URLSearchParams(String(row.parameters))
  }
}
