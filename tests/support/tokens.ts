import { createPrivateKey, sign, type JsonWebKey } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const jwkSchema = z.looseObject({ kty: z.literal('RSA') });

export type Claims = Readonly<Record<string, unknown>>;

export function claimsOf(token: string): Claims {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(decode(token.split('.')[1])));
}

/** A token as this stack's Cognito would sign it, with other claims: what only waiting could produce otherwise. */
export function signAs(dir: string, token: string, claims: Claims): string {
  const [header = ''] = token.split('.');
  const { kid } = z.object({ kid: z.string() }).parse(JSON.parse(decode(header)));
  const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  const key = createPrivateKey({ key: readSigningKey(dir, kid), format: 'jwk' });
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** The same signature under claims that somebody changed. */
export function tamper(token: string, changes: Claims): string {
  const [header, , signature] = token.split('.');
  const payload = Buffer.from(JSON.stringify({ ...claimsOf(token), ...changes })).toString('base64url');
  return `${header}.${payload}.${signature}`;
}

/** The ID token of the same login, which no route gives out. */
export function idTokenOf(dir: string, accessToken: string): string {
  const { client_id: aud, username, scope: _scope, ...shared } = claimsOf(accessToken);
  return signAs(dir, accessToken, { ...shared, aud, 'cognito:username': username, token_use: 'id' });
}

function readSigningKey(dir: string, kid: string): JsonWebKey {
  const db = new DatabaseSync(join(dir, 'cognito', 'cognito.sqlite'), { readOnly: true });
  try {
    const row = db.prepare('SELECT private_jwk AS jwk FROM signing_keys WHERE kid = ?').get(kid);
    return jwkSchema.parse(JSON.parse(z.object({ jwk: z.string() }).parse(row).jwk));
  } finally {
    db.close();
  }
}

function decode(part = ''): string {
  return Buffer.from(part, 'base64url').toString('utf8');
}
