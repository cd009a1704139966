import { createHash } from 'node:crypto';
import { z } from 'zod';
import { hashOf, newToken } from './secrets.ts';
import type { Storage } from './storage.ts';
import type { Grant, Now } from './types.ts';

const codeLifetimeMs = 10 * 60_000;
/** Seconds. */
export const accessTokenLifetime = 3600;

const scopeList = z.string().transform((text) => text.split(' ').filter(Boolean));
const owner = { client_id: z.string(), email: z.string(), scopes: scopeList };
const codeRow = z.object({
  ...owner,
  redirect_uri: z.string(),
  challenge: z.string(),
  refresh: z.int(),
  nonce: z.string().nullable(),
  expires_at: z.int(),
});
const refreshRow = z.object(owner);
const accessRow = z.object({ ...owner, expires_at: z.int() });

interface CodeRequest extends Grant {
  redirectUri: string;
  codeChallenge: string;
  /** Whether the exchange yields a refresh token. */
  refresh: boolean;
  nonce?: string | undefined;
}

interface AccessToken extends Grant {
  /** Unix time, milliseconds. */
  expiresAt: number;
}

type Redemption =
  | { ok: true; grant: Grant; refresh: boolean; nonce: string | undefined }
  | { ok: false; reason: 'unknown' | 'redirect_uri' | 'missing_verifier' | 'verifier' };

export interface Grants {
  /** Scopes that the account has allowed the client so far, `undefined` when none ever or revoked since. */
  granted(key: Pick<Grant, 'clientId' | 'email'>): string[] | undefined;
  allow(grant: Grant): void;
  issueCode(request: CodeRequest): string;
  /** A code is good for one exchange: it is spent even when the exchange is refused. */
  redeemCode(exchange: { code: string; clientId: string; redirectUri: string; codeVerifier: string }): Redemption;
  issueRefreshToken(grant: Grant): string;
  issueAccessToken(grant: Grant): string;
  findRefreshToken(token: string): Grant | undefined;
  /** Live ones only. */
  findAccessToken(token: string): AccessToken | undefined;
  /** Ends the grant behind an access or refresh token and every token of it. False: no such token. */
  revokeToken(token: string): boolean;
  /** As if the person removed every app's access: all clients of the account. */
  revokeAccount(email: string): void;
}

export function createGrants({ storage, now }: { storage: Storage; now: Now }): Grants {
  const grantOf = storage.select(
    'SELECT client_id, email, scopes FROM grants WHERE client_id = ? AND email = ?',
    refreshRow,
  );
  const putGrant = storage.change('INSERT OR REPLACE INTO grants (client_id, email, scopes) VALUES (?, ?, ?)');
  const codeOf = storage.select('SELECT * FROM codes WHERE hash = ?', codeRow);
  const dropCode = storage.change('DELETE FROM codes WHERE hash = ? OR expires_at <= ?');
  const putCode = storage.change(
    'INSERT INTO codes (hash, client_id, email, redirect_uri, challenge, scopes, refresh, nonce, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const refreshOf = storage.select('SELECT client_id, email, scopes FROM refresh_tokens WHERE hash = ?', refreshRow);
  const putRefresh = storage.change('INSERT INTO refresh_tokens (hash, client_id, email, scopes) VALUES (?, ?, ?, ?)');
  const accessOf = storage.select(
    'SELECT client_id, email, scopes, expires_at FROM access_tokens WHERE hash = ?',
    accessRow,
  );
  const putAccess = storage.change(
    'INSERT INTO access_tokens (hash, client_id, email, scopes, expires_at) VALUES (?, ?, ?, ?, ?)',
  );
  const dropExpired = storage.change('DELETE FROM access_tokens WHERE expires_at <= ?');
  const perGrant = ['grants', 'refresh_tokens', 'access_tokens', 'codes'].map((table) => ({
    ofGrant: storage.change(`DELETE FROM ${table} WHERE client_id = ? AND email = ?`),
    ofAccount: storage.change(`DELETE FROM ${table} WHERE email = ?`),
  }));

  const findAccessToken = (token: string) => {
    const found = accessOf.get(hashOf(token));
    return found && found.expires_at > now() ? { ...toGrant(found), expiresAt: found.expires_at } : undefined;
  };
  const findRefreshToken = (token: string) => {
    const found = refreshOf.get(hashOf(token));
    return found && toGrant(found);
  };

  return {
    granted: ({ clientId, email }) => grantOf.get(clientId, email)?.scopes,
    allow: ({ clientId, email, scopes }) => void putGrant(clientId, email, scopes.join(' ')),
    issueCode({ clientId, email, scopes, redirectUri, codeChallenge, refresh, nonce }) {
      const code = newToken('4/0A');
      const expiresAt = now() + codeLifetimeMs;
      putCode(
        hashOf(code),
        clientId,
        email,
        redirectUri,
        codeChallenge,
        scopes.join(' '),
        Number(refresh),
        nonce ?? null,
        expiresAt,
      );
      return code;
    },
    redeemCode({ code, clientId, redirectUri, codeVerifier }) {
      const found = codeOf.get(hashOf(code));
      dropCode(hashOf(code), now());
      if (!found || found.client_id !== clientId || found.expires_at <= now()) return { ok: false, reason: 'unknown' };
      if (found.redirect_uri !== redirectUri) return { ok: false, reason: 'redirect_uri' };
      if (!codeVerifier) return { ok: false, reason: 'missing_verifier' };
      const challenge = createHash('sha256').update(codeVerifier).digest('base64url');
      if (challenge !== found.challenge) return { ok: false, reason: 'verifier' };
      return { ok: true, grant: toGrant(found), refresh: found.refresh === 1, nonce: found.nonce ?? undefined };
    },
    issueRefreshToken({ clientId, email, scopes }) {
      const token = newToken('1//');
      putRefresh(hashOf(token), clientId, email, scopes.join(' '));
      return token;
    },
    issueAccessToken({ clientId, email, scopes }) {
      dropExpired(now());
      const token = newToken('ya29.');
      putAccess(hashOf(token), clientId, email, scopes.join(' '), now() + accessTokenLifetime * 1000);
      return token;
    },
    findRefreshToken,
    findAccessToken,
    revokeToken(token) {
      const grant = findAccessToken(token) ?? findRefreshToken(token);
      if (!grant) return false;
      storage.transaction(() => perGrant.forEach((remove) => remove.ofGrant(grant.clientId, grant.email)));
      return true;
    },
    revokeAccount(email) {
      storage.transaction(() => perGrant.forEach((remove) => remove.ofAccount(email.toLowerCase())));
    },
  };
}

function toGrant(found: z.output<typeof refreshRow>): Grant {
  return { clientId: found.client_id, email: found.email, scopes: found.scopes };
}
