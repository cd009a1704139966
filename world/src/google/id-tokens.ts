import { exportJWK, generateKeyPair, importJWK, SignJWT, exportSPKI, type JWK } from 'jose';
import { z } from 'zod';
import { accessTokenLifetime } from './grants.ts';
import { emailScope, profileScope } from './scopes.ts';
import type { Storage } from './storage.ts';
import type { GoogleAccount, Now } from './types.ts';

const issuer = 'https://accounts.google.com';

export interface IdTokens {
  sign(claims: {
    clientId: string;
    account: GoogleAccount;
    scopes: string[];
    nonce: string | undefined;
  }): Promise<string>;
  /** For `/oauth2/v3/certs`. */
  jwks(): Promise<{ keys: JWK[] }>;
  /** For `/oauth2/v1/certs`: PEM by key id. Google gives certificates; a bare public key verifies the same. */
  pems(): Promise<Record<string, string>>;
}

const jwkSchema = z.looseObject({ n: z.string(), e: z.string(), kty: z.literal('RSA') });
const keyRow = z.object({ kid: z.string(), private_jwk: z.string() });

/** One key per install, made at the first need. */
export function createIdTokens({ storage, now }: { storage: Storage; now: Now }): IdTokens {
  const stored = storage.select('SELECT kid, private_jwk FROM signing_keys LIMIT 1', keyRow);
  const keep = storage.change('INSERT INTO signing_keys (kid, private_jwk) VALUES (?, ?)');
  let loading: ReturnType<typeof load> | undefined;

  async function load() {
    let found = stored.get();
    if (!found) {
      const pair = await generateKeyPair('RS256', { extractable: true });
      found = {
        kid: `simulated-${crypto.randomUUID()}`,
        private_jwk: JSON.stringify(await exportJWK(pair.privateKey)),
      };
      keep(found.kid, found.private_jwk);
    }
    const { n, e, kty, ...secret } = jwkSchema.parse(JSON.parse(found.private_jwk));
    const publicJwk = { n, e, kty };
    const [privateKey, publicKey] = await Promise.all([
      importJWK({ ...publicJwk, ...secret }, 'RS256'),
      importJWK(publicJwk, 'RS256', { extractable: true }),
    ]);
    if (publicKey instanceof Uint8Array) throw new Error('The signing key is not an RSA key.');
    return { kid: found.kid, privateKey, publicKey, publicJwk };
  }
  const key = () => (loading ??= load());

  return {
    async sign({ clientId, account, scopes, nonce }) {
      const { kid, privateKey } = await key();
      const issuedAt = Math.floor(now() / 1000);
      return new SignJWT({
        ...claimsOf(account, scopes),
        azp: clientId,
        ...(nonce !== undefined && { nonce }),
      })
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(clientId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + accessTokenLifetime)
        .sign(privateKey);
    },
    async jwks() {
      const { kid, publicJwk } = await key();
      return { keys: [{ ...publicJwk, kid, alg: 'RS256', use: 'sig' }] };
    },
    async pems() {
      const { kid, publicKey } = await key();
      return { [kid]: await exportSPKI(publicKey) };
    },
  };
}

/** What the granted scopes let an app know of the person. */
export function claimsOf(account: GoogleAccount, scopes: string[]): Record<string, string | boolean> {
  const given = account.name.split(' ')[0] ?? account.name;
  return {
    sub: account.sub,
    ...(scopes.includes(emailScope) && { email: account.email, email_verified: true }),
    ...(scopes.includes(profileScope) && { name: account.name, given_name: given }),
  };
}
