import { randomUUID } from 'node:crypto';
import {
  calculateJwkThumbprint,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type JWK,
  type JWTPayload,
} from 'jose';
import { z } from 'zod';
import type { Database } from '../wire/database.ts';
import { jsonColumn } from './database.ts';
import { notAuthorized } from './errors.ts';
import { tokenLifetimes } from './pool-config.ts';
import type { Client } from './pool-store.ts';
import type { SignIn } from './sign-in-store.ts';
import { attributeList, type User } from './user-store.ts';

const privateJwk = z.object({
  kty: z.literal('RSA'),
  n: z.string(),
  e: z.string(),
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});
const keyRow = z.object({ kid: z.string(), privateJwk: jsonColumn(privateJwk) });
const accessClaims = z.object({
  sub: z.string(),
  iss: z.string(),
  client_id: z.string(),
  origin_jti: z.string(),
  token_use: z.literal('access'),
  /** Separated by spaces; absent where all were suppressed. */
  scope: z.string().default(''),
});

type AccessClaims = z.output<typeof accessClaims>;

interface TokensOf {
  user: User;
  client: Client;
  signIn: SignIn;
}

export interface TokenSigner {
  /** What `/.well-known/jwks.json` answers. */
  jwks: { keys: JWK[] };
  issuer(poolId: string): string;
  accessToken(of: TokensOf & { scopes: readonly string[] }): Promise<string>;
  idToken(of: TokensOf): Promise<string>;
  /** Throws NotAuthorizedException. Doesn't know of revocation. */
  verifyAccessToken(token: string): Promise<AccessClaims>;
}

export interface TokenSignerOptions {
  db: Database;
  /** An issuer is `<issuerBase>/<poolId>`. */
  issuerBase: () => string;
  now: () => number;
}

/** Signs with the installation's own RSA key, made at the first start. */
export async function createTokenSigner({ db, issuerBase, now }: TokenSignerOptions): Promise<TokenSigner> {
  const { kid, privateJwk: jwk } = await loadKey(db);
  const privateKey = await importJWK(jwk, 'RS256');
  const publicJwk: JWK = { kty: jwk.kty, n: jwk.n, e: jwk.e, kid, alg: 'RS256', use: 'sig' };
  const publicKey = await importJWK(publicJwk, 'RS256');
  const issuer = (poolId: string) => `${issuerBase()}/${poolId}`;

  function sign(claims: JWTPayload, lifetimeSeconds: number): Promise<string> {
    const issuedAt = Math.floor(now() / 1000);
    const times = { iat: issuedAt, exp: issuedAt + lifetimeSeconds };
    return new SignJWT({ ...claims, ...times, jti: randomUUID() })
      .setProtectedHeader({ kid, alg: 'RS256' })
      .sign(privateKey);
  }

  /** What both tokens of a sign-in say. */
  function shared(user: User, signIn: SignIn) {
    return {
      sub: user.sub,
      iss: issuer(user.poolId),
      origin_jti: signIn.originJti,
      event_id: signIn.eventId,
      auth_time: Math.floor(signIn.authTime / 1000),
    };
  }

  return {
    jwks: { keys: [publicJwk] },
    issuer,

    accessToken: ({ user, client, signIn, scopes }) =>
      sign(
        {
          ...shared(user, signIn),
          client_id: client.id,
          token_use: 'access',
          ...(scopes.length > 0 && { scope: scopes.join(' ') }),
          username: user.username,
        },
        tokenLifetimes(client.config).access,
      ),

    idToken: ({ user, client, signIn }) =>
      sign(
        {
          ...Object.fromEntries(attributeList(user).map(({ Name, Value }) => [Name, Value])),
          ...shared(user, signIn),
          email_verified: user.emailVerified,
          'cognito:username': user.username,
          aud: client.id,
          token_use: 'id',
        },
        tokenLifetimes(client.config).id,
      ),

    async verifyAccessToken(token) {
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: ['RS256'],
          currentDate: new Date(now()),
        });
        const claims = accessClaims.safeParse(payload);
        if (!claims.success) throw notAuthorized('Invalid Access Token');
        return claims.data;
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw notAuthorized('Access Token has expired');
        if (error instanceof errors.JOSEError) throw notAuthorized('Invalid Access Token');
        throw error;
      }
    },
  };
}

async function loadKey(db: Database): Promise<z.output<typeof keyRow>> {
  const select = db.select('SELECT kid, private_jwk AS privateJwk FROM signing_keys', keyRow);
  const known = select.get();
  if (known) return known;
  const pair = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const jwk = privateJwk.parse(await exportJWK(pair.privateKey));
  const kid = await calculateJwkThumbprint(jwk);
  db.change('INSERT INTO signing_keys (kid, private_jwk) VALUES (?, ?)')(kid, JSON.stringify(jwk));
  return { kid, privateJwk: jwk };
}
