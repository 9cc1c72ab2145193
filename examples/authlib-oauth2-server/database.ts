import { DatabaseSync } from 'node:sqlite'
import { scryptHasher } from 'cardea'

/** The tables of the page, with what rotation and revocation need besides. */
const tables = `
  CREATE TABLE IF NOT EXISTS user (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password TEXT NOT NULL -- a hash
  ) STRICT;

  CREATE TABLE IF NOT EXISTS session (
    digest TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    signed_in_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS oauth2_client (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL UNIQUE,
    client_secret TEXT NOT NULL DEFAULT '', -- a hash
    client_name TEXT NOT NULL,
    redirect_uris TEXT NOT NULL DEFAULT '', -- separated by blanks
    default_redirect_uri TEXT NOT NULL DEFAULT '',
    scope TEXT NOT NULL DEFAULT '',
    response_type TEXT NOT NULL DEFAULT '',
    grant_type TEXT NOT NULL DEFAULT '',
    token_endpoint_auth_method TEXT NOT NULL DEFAULT ''
  ) STRICT;

  CREATE TABLE IF NOT EXISTS oauth2_token (
    id INTEGER PRIMARY KEY,
    user_id INTEGER REFERENCES user (id) ON DELETE CASCADE, -- none: a machine's
    client_id TEXT NOT NULL,
    token_type TEXT NOT NULL,
    access_token TEXT UNIQUE, -- a digest, as the refresh token is
    refresh_token TEXT UNIQUE,
    scope TEXT NOT NULL DEFAULT '',
    revoked INTEGER NOT NULL DEFAULT 0,
    issued_at INTEGER NOT NULL,
    expires_in INTEGER NOT NULL DEFAULT 0,
    access_token_revoked_at INTEGER,
    refresh_token_expires_at INTEGER,
    refresh_token_spent_at INTEGER,
    successor TEXT,
    authorization_id TEXT,
    facts TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS oauth2_token_of_authorization ON oauth2_token (authorization_id);
  CREATE INDEX IF NOT EXISTS oauth2_token_of_user ON oauth2_token (user_id, client_id);
`

/** Opens the database, and puts a user and a client into a new one. */
export async function openDatabase(file: string): Promise<DatabaseSync> {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  database.exec(tables)
  const password = await scryptHasher.hash('correct horse')
  database
    .prepare('INSERT INTO user (id, username, name, password) VALUES (1, ?, ?, ?) ON CONFLICT DO NOTHING')
    .run('ada', 'Ada Lovelace', password)
  const client = `
    INSERT INTO oauth2_client (user_id, client_id, client_secret, client_name, redirect_uris, scope, response_type,
      grant_type, token_endpoint_auth_method)
    VALUES (1, ?, ?, ?, ?, ?, 'code', ?, ?) ON CONFLICT DO NOTHING`
  const grants = 'authorization_code refresh_token'
  const secret = await scryptHasher.hash('the secret of the web app')
  database
    .prepare(client)
    .run('web-app', secret, 'Diary', 'https://diary.example/callback', 'profile', grants, 'client_secret_basic')
  database
    .prepare(client)
    .run('phone-app', '', 'Pocket Diary', 'https://pocket.example/callback', 'profile email', grants, 'none')
  return database
}
