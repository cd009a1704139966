import { openDatabase, type Database } from '@top-active/cloud/wire/database';

const schema = `
CREATE TABLE IF NOT EXISTS accounts (
  email TEXT PRIMARY KEY, sub TEXT NOT NULL, name TEXT NOT NULL, time_zone TEXT NOT NULL,
  sync_generation INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS clients (
  client_id TEXT PRIMARY KEY, secret_hash TEXT NOT NULL, redirect_uris TEXT NOT NULL, name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS codes (
  hash TEXT PRIMARY KEY, client_id TEXT NOT NULL, email TEXT NOT NULL, redirect_uri TEXT NOT NULL, challenge TEXT NOT NULL,
  scopes TEXT NOT NULL, refresh INTEGER NOT NULL, nonce TEXT, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS grants (
  client_id TEXT NOT NULL, email TEXT NOT NULL, scopes TEXT NOT NULL, PRIMARY KEY (client_id, email)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refresh_tokens (
  hash TEXT PRIMARY KEY, client_id TEXT NOT NULL, email TEXT NOT NULL, scopes TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS access_tokens (
  hash TEXT PRIMARY KEY, client_id TEXT NOT NULL, email TEXT NOT NULL, scopes TEXT NOT NULL, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS signing_keys (kid TEXT PRIMARY KEY, private_jwk TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS changes (number INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;
CREATE TABLE IF NOT EXISTS events (
  email TEXT NOT NULL, id TEXT NOT NULL, change INTEGER NOT NULL, status TEXT NOT NULL, busy INTEGER NOT NULL,
  start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
  sequence INTEGER NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (email, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS events_by_time ON events (email, start_ms, end_ms);
CREATE INDEX IF NOT EXISTS events_by_change ON events (email, change);
`;

/** Everything that the simulated Google remembers. Tokens and secrets are kept as hashes. */
export function openStorage(dir: string): Database {
  return openDatabase({ dir, name: 'google', schema });
}

export type { Database as Storage };
