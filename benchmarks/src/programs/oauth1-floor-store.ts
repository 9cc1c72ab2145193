import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { TurnCommits } from './turn-commits.ts'

export interface TemporaryRow {
  readonly digest: string
  readonly client: string
  readonly secret: string
  readonly callback: string
  readonly scope: string
  readonly expiresAt: number
  /** Who allowed it, and the digest of the verifier they were sent back with; null until then. */
  readonly subject: string | null
  readonly verifier: string | null
}

export interface CredentialRow {
  readonly digest: string
  readonly client: string
  readonly secret: string
  readonly subject: string
  readonly scope: string
  /** The row that would be revoked, with everything that hangs on it. */
  readonly family: string
  readonly issuedAt: number
}

const SCHEMA = `
  CREATE TABLE nonce (key TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX nonce_by_end ON nonce (until);
  CREATE TABLE temporary (
    digest TEXT PRIMARY KEY, client TEXT NOT NULL, secret TEXT NOT NULL, callback TEXT NOT NULL, scope TEXT NOT NULL,
    expiresAt INTEGER NOT NULL, subject TEXT, verifier TEXT, spent INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE INDEX temporary_by_expiry ON temporary (expiresAt);
  CREATE TABLE credential (
    digest TEXT PRIMARY KEY, client TEXT NOT NULL, secret TEXT NOT NULL, subject TEXT NOT NULL, scope TEXT NOT NULL,
    family TEXT NOT NULL, issuedAt INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX credential_by_subject ON credential (subject);
  CREATE TABLE family (
    id TEXT PRIMARY KEY, client TEXT NOT NULL, subject TEXT NOT NULL, scope TEXT NOT NULL, createdAt INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX family_by_subject ON family (subject);
  CREATE INDEX family_by_client ON family (client);`

/** What OAuth 1 cannot do without, as durable as the rest: nonces claimed once, temporary credentials spent once. */
export class OAuth1FloorStore {
  readonly commits: TurnCommits
  readonly #claim: StatementSync
  readonly #insertTemporary: StatementSync
  readonly #findTemporary: StatementSync
  readonly #approve: StatementSync
  readonly #spend: StatementSync
  readonly #insertFamily: StatementSync
  readonly #insertCredential: StatementSync
  readonly #findCredential: StatementSync

  constructor(database: DatabaseSync, commits: TurnCommits) {
    database.exec(SCHEMA)
    this.commits = commits
    this.#claim = database.prepare('INSERT INTO nonce VALUES (?, ?) ON CONFLICT DO NOTHING')
    this.#insertTemporary = database.prepare('INSERT INTO temporary VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, 0)')
    this.#findTemporary = database.prepare('SELECT * FROM temporary WHERE digest = ? AND spent = 0 AND expiresAt > ?')
    this.#approve = database.prepare(
      'UPDATE temporary SET subject = ?, verifier = ? WHERE digest = ? AND subject IS NULL AND expiresAt > ?',
    )
    this.#spend = database.prepare('UPDATE temporary SET spent = 1 WHERE digest = ? AND spent = 0')
    this.#insertFamily = database.prepare('INSERT INTO family VALUES (?, ?, ?, ?, ?)')
    this.#insertCredential = database.prepare('INSERT INTO credential VALUES (?, ?, ?, ?, ?, ?, ?)')
    this.#findCredential = database.prepare('SELECT * FROM credential WHERE digest = ?')
  }

  /** False when the nonce was used before. */
  claim(key: string, until: number): boolean {
    this.commits.begin()
    return this.#claim.run(key, until).changes > 0
  }

  saveTemporary({ digest, client, secret, callback, scope, expiresAt }: TemporaryRow): void {
    this.commits.begin()
    this.#insertTemporary.run(digest, client, secret, callback, scope, expiresAt)
  }

  findTemporary(digest: string, now: number): TemporaryRow | undefined {
    return this.#findTemporary.get(digest, now) as unknown as TemporaryRow | undefined
  }

  /** False when there is nothing of that name to be allowed. */
  approve(digest: string, subject: string, verifier: string, now: number): boolean {
    this.commits.begin()
    return this.#approve.run(subject, verifier, digest, now).changes > 0
  }

  /** False when it was spent before. The row stays, so that this is known. */
  spend(digest: string): boolean {
    this.commits.begin()
    return this.#spend.run(digest).changes > 0
  }

  saveCredential({ digest, client, secret, subject, scope, family, issuedAt }: CredentialRow): void {
    this.commits.begin()
    this.#insertFamily.run(family, client, subject, scope, issuedAt)
    this.#insertCredential.run(digest, client, secret, subject, scope, family, issuedAt)
  }

  findCredential(digest: string): CredentialRow | undefined {
    return this.#findCredential.get(digest) as unknown as CredentialRow | undefined
  }
}
