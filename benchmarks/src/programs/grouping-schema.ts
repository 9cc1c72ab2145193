export const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE token (
    digest TEXT PRIMARY KEY, client TEXT NOT NULL, scope TEXT NOT NULL, issuedAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX token_by_expiry ON token (expiresAt);`

export const INSERT = "INSERT INTO token VALUES (?, 'client-1', 'read', unixepoch(), unixepoch() + 3600)"
