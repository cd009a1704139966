import { z } from 'zod';
import { openDatabase, type Database } from '../wire/database.ts';

const schema = `
CREATE TABLE IF NOT EXISTS signing_keys (kid TEXT PRIMARY KEY, private_jwk TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pools (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, config TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS clients (
  id TEXT PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools (id), name TEXT NOT NULL, config TEXT NOT NULL,
  secret TEXT, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS users (
  sub TEXT PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools (id), username TEXT NOT NULL, sign_in_email TEXT,
  email TEXT NOT NULL, email_verified INTEGER NOT NULL,
  status TEXT NOT NULL, attributes TEXT NOT NULL, password_hash TEXT NOT NULL, created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL, totp_secret TEXT, totp_verified INTEGER NOT NULL DEFAULT 0,
  totp_enabled INTEGER NOT NULL DEFAULT 0, totp_last_step INTEGER NOT NULL DEFAULT 0,
  totp_listed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS users_by_username ON users (pool_id, username);
CREATE UNIQUE INDEX IF NOT EXISTS users_by_sign_in_email ON users (pool_id, sign_in_email);
CREATE TABLE IF NOT EXISTS codes (
  sub TEXT NOT NULL REFERENCES users (sub) ON DELETE CASCADE, purpose TEXT NOT NULL, code TEXT NOT NULL,
  expires_at INTEGER NOT NULL, PRIMARY KEY (sub, purpose)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempts (
  pool_id TEXT NOT NULL, name TEXT NOT NULL, action TEXT NOT NULL, count INTEGER NOT NULL, since INTEGER NOT NULL,
  last INTEGER NOT NULL, PRIMARY KEY (pool_id, name, action)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS flow_sessions (
  hash TEXT PRIMARY KEY, sub TEXT NOT NULL REFERENCES users (sub) ON DELETE CASCADE, client_id TEXT NOT NULL,
  step TEXT NOT NULL, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sign_ins (
  origin_jti TEXT PRIMARY KEY, sub TEXT NOT NULL REFERENCES users (sub) ON DELETE CASCADE, client_id TEXT NOT NULL,
  event_id TEXT NOT NULL, auth_time INTEGER NOT NULL, expires_at INTEGER NOT NULL, revoked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sign_ins_by_user ON sign_ins (sub);
CREATE TABLE IF NOT EXISTS refresh_tokens (
  hash TEXT PRIMARY KEY, origin_jti TEXT NOT NULL REFERENCES sign_ins (origin_jti) ON DELETE CASCADE, rotated_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS refresh_tokens_by_sign_in ON refresh_tokens (origin_jti);
`;

export function openCognitoDatabase(dir: string): Database {
  return openDatabase({ dir, name: 'cognito', schema });
}

/** A column that holds a JSON document. */
export function jsonColumn<Schema extends z.ZodType>(document: Schema) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(document);
}

/** A column that holds 0 or 1. */
export const flagColumn = z.number().transform((value) => value !== 0);
