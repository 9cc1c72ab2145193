import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { TurnCommits } from './turn-commits.ts'

/** A request for authorization that waits for its owner. */
export interface QuestionRow {
  readonly id: string
  /** Digest of the cookie of the browser that asked; no other may answer. */
  readonly browser: string
  readonly token: string
  readonly client: string
  readonly scope: string
  readonly expiresAt: number
}

const SCHEMA = `
  CREATE TABLE question (
    id TEXT PRIMARY KEY, browser TEXT NOT NULL, token TEXT NOT NULL, client TEXT NOT NULL, scope TEXT NOT NULL,
    expiresAt INTEGER NOT NULL, spent INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE INDEX question_by_expiry ON question (expiresAt);
  CREATE TABLE attempts (key TEXT PRIMARY KEY, count INTEGER NOT NULL, endsAt INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX attempts_by_end ON attempts (endsAt);`

/** What is asked of people and remembered of their answers, and how often anything may be tried. */
export class OAuth1FloorQuestions {
  readonly commits: TurnCommits
  readonly #insert: StatementSync
  readonly #find: StatementSync
  readonly #spend: StatementSync
  readonly #remember: StatementSync
  readonly #count: StatementSync

  constructor(database: DatabaseSync, commits: TurnCommits) {
    database.exec(SCHEMA)
    this.commits = commits
    this.#insert = database.prepare('INSERT INTO question VALUES (?, ?, ?, ?, ?, ?, 0)')
    this.#find = database.prepare('SELECT * FROM question WHERE id = ? AND browser = ? AND spent = 0 AND expiresAt > ?')
    this.#spend = database.prepare('UPDATE question SET spent = 1 WHERE id = ? AND spent = 0')
    this.#remember = database.prepare(
      'INSERT INTO consent VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET scope = excluded.scope',
    )
    this.#count = database.prepare(
      `INSERT INTO attempts VALUES (?1, 1, ?2) ON CONFLICT DO UPDATE SET
        count = CASE WHEN endsAt <= ?3 THEN 1 ELSE count + 1 END,
        endsAt = CASE WHEN endsAt <= ?3 THEN excluded.endsAt ELSE endsAt END RETURNING count`,
    )
  }

  ask({ id, browser, token, client, scope, expiresAt }: QuestionRow): void {
    this.commits.begin()
    this.#insert.run(id, browser, token, client, scope, expiresAt)
  }

  find(id: string, browser: string, now: number): QuestionRow | undefined {
    return this.#find.get(id, browser, now) as unknown as QuestionRow | undefined
  }

  /** False when it was answered before. */
  answer({ id, client, scope }: QuestionRow, subject: string): boolean {
    this.commits.begin()
    if (this.#spend.run(id).changes === 0) return false
    this.#remember.run(client, subject, scope)
    return true
  }

  /** How often it was tried in this window, this time included. */
  count(key: string, window: number, now: number): number {
    this.commits.begin()
    return Number(this.#count.get(key, now + window, now)?.count)
  }
}
