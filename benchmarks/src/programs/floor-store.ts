import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { TurnCommits } from './turn-commits.ts'

export type Kind = 'access' | 'refresh' | 'code'

export interface Row {
  readonly digest: string
  readonly kind: Kind
  readonly client: string
  readonly subject: string | null
  readonly scope: string
  /** What revoking one of them would have to find: the digest of the code it all came from. */
  readonly family: string | null
  /** Redirect URI and PKCE challenge of a code. */
  readonly binding: string | null
  readonly issuedAt: number
  readonly expiresAt: number
}

const SCHEMA = `
  CREATE TABLE token (
    digest TEXT PRIMARY KEY, kind TEXT NOT NULL, client TEXT NOT NULL, subject TEXT, scope TEXT NOT NULL, family TEXT,
    binding TEXT, issuedAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL, spent INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE INDEX token_by_expiry ON token (expiresAt);
  CREATE TABLE session (digest TEXT PRIMARY KEY, subject TEXT NOT NULL, expiresAt INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE consent (
    client TEXT NOT NULL, subject TEXT NOT NULL, scope TEXT NOT NULL, PRIMARY KEY (client, subject)
  ) WITHOUT ROWID;`

/** The durable minimum: rows by digest, spent at most once, written in groups with a flush each. */
export class FloorStore {
  readonly commits: TurnCommits
  readonly #insert: StatementSync
  readonly #find: StatementSync
  readonly #spend: StatementSync
  readonly #session: StatementSync
  readonly #consent: StatementSync
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync, commits: TurnCommits) {
    database.exec(SCHEMA)
    this.#database = database
    this.commits = commits
    this.#insert = database.prepare('INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)')
    this.#find = database.prepare('SELECT * FROM token WHERE digest = ? AND expiresAt > ?')
    // The spent row stays, because only what is remembered can be recognised when it is replayed.
    this.#spend = database.prepare(
      'UPDATE token SET spent = 1 WHERE digest = ? AND kind = ? AND client = ? AND spent = 0 AND expiresAt > ? RETURNING *',
    )
    this.#session = database.prepare('SELECT subject FROM session WHERE digest = ? AND expiresAt > ?')
    this.#consent = database.prepare('SELECT scope FROM consent WHERE client = ? AND subject = ?')
  }

  save(row: Row): void {
    this.commits.begin()
    const { digest, kind, client, subject, scope, family, binding, issuedAt, expiresAt } = row
    this.#insert.run(digest, kind, client, subject, scope, family, binding, issuedAt, expiresAt)
  }

  find(digest: string, now: number): Row | undefined {
    return this.#find.get(digest, now) as unknown as Row | undefined
  }

  /** Marks a row as spent and gives it, or undefined when it is not there to be spent. */
  spend(digest: string, kind: Kind, client: string, now: number): Row | undefined {
    this.commits.begin()
    return this.#spend.get(digest, kind, client, now) as unknown as Row | undefined
  }

  subjectOfSession(digest: string, now: number): string | undefined {
    return this.#session.get(digest, now)?.subject as string | undefined
  }

  consentedScope(client: string, subject: string): string | undefined {
    return this.#consent.get(client, subject)?.scope as string | undefined
  }

  /** Puts in one signed-in user who has consented. */
  seed(sessionDigest: string, client: string, subject: string, scope: string, expiresAt: number): void {
    this.#database.prepare('INSERT INTO session VALUES (?, ?, ?)').run(sessionDigest, subject, expiresAt)
    this.#database.prepare('INSERT INTO consent VALUES (?, ?, ?)').run(client, subject, scope)
  }
}
