import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeServer, listenOnLoopback } from '../loopback/index.ts';
import { createHttpApi, type HttpApi } from './index.ts';

let keys: Server;
let jwksUri: string;
let api: HttpApi;
let signingKey: CryptoKey;
const errors: unknown[] = [];
const issuer = 'http://127.0.0.1:1/us-east-1_local';
const invoke = (_: string, event: unknown) => Promise.resolve({ statusCode: 200, body: JSON.stringify(event) });
const routes = [
  { key: 'GET /me', functionName: 'probe', authorizer: 'jwt' as const },
  { key: 'GET /open', functionName: 'probe' },
];

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  signingKey = pair.privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', use: 'sig', alg: 'RS256' };
  keys = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
  jwksUri = `http://127.0.0.1:${await listenOnLoopback(keys, { what: 'keys' })}/jwks.json`;
  api = await createHttpApi({
    routes,
    jwt: { issuer, audience: 'web-client', jwksUri },
    invoke,
    onError: (error) => errors.push(error),
  });
});
afterAll(async () => {
  await api.close();
  await closeServer(keys);
});

const now = Math.floor(Date.now() / 1000);

function token(claims: JWTPayload = {}, { kid = 'one', key = signingKey } = {}): Promise<string> {
  const payload = { iss: issuer, client_id: 'web-client', sub: 'u1', iat: now, exp: now + 60, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
}

function call(authorization?: string, path = '/me'): Promise<Response> {
  return fetch(`${api.endpoint}${path}`, authorization === undefined ? {} : { headers: { authorization } });
}

describe('JWT authorizer', () => {
  it('hands the claims over as strings', async () => {
    const jwt = await token({ 'cognito:groups': ['a', 'b'], token_use: 'access', ok: true, address: { b: 2, a: 'x' } });
    const response = await call(`Bearer ${jwt}`);
    expect(response.status).toBe(200);
    expect((await response.json()).requestContext.authorizer).toEqual({
      jwt: {
        claims: {
          iss: issuer,
          client_id: 'web-client',
          sub: 'u1',
          iat: String(now),
          exp: String(now + 60),
          'cognito:groups': '[a b]',
          token_use: 'access',
          ok: 'true',
          address: 'map[a:x b:2]',
        },
        scopes: null,
      },
    });
  });

  it('takes the audience from aud where there is one', async () => {
    expect((await call(`Bearer ${await token({ aud: 'web-client', client_id: 'x' })}`)).status).toBe(200);
    expect((await call(`Bearer ${await token({ aud: ['other', 'web-client'] })}`)).status).toBe(200);
    expect((await call(`Bearer ${await token({ aud: 'other' })}`)).status).toBe(401);
  });

  it('asks for a token where there is none', async () => {
    const response = await call();
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toEqual({ message: 'Unauthorized' });
  });

  it('leaves open routes alone', async () => {
    const response = await call('Bearer nonsense', '/open');
    expect(response.status).toBe(200);
    expect((await response.json()).requestContext).not.toHaveProperty('authorizer');
  });

  it.each<[string, string, () => Promise<string>]>([
    ['has expired', 'the token has expired', () => token({ exp: now - 1 })],
    ['is not valid yet', 'the token is not valid yet', () => token({ nbf: now + 60 })],
    ['is of another issuer', 'the token has an invalid issuer', () => token({ iss: 'http://other' })],
    ['is for another client', 'the token does not have a valid audience', () => token({ client_id: 'other' })],
    ['was altered', 'the token has an invalid signature', async () => alter(await token())],
    ['is none', 'the token is invalid', () => Promise.resolve('abc.def.ghi')],
    ['claims no algorithm', 'the token is invalid', () => Promise.resolve(unsigned())],
    [
      'is signed by someone else',
      'the token has an invalid signature',
      async () => token({}, { key: (await generateKeyPair('RS256')).privateKey }),
    ],
  ])('refuses a token that %s', async (_, description, make) => {
    const response = await call(`Bearer ${await make()}`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer scope="" error="invalid_token" error_description="${description}"`,
    );
  });

  it('refuses and reports when the keys cannot be fetched', async () => {
    const lonely = await createHttpApi({
      routes,
      jwt: { issuer, audience: 'web-client', jwksUri: 'http://127.0.0.1:9/jwks.json' },
      invoke,
      onError: (error) => errors.push(error),
    });
    errors.length = 0;
    const response = await fetch(`${lonely.endpoint}/me`, { headers: { authorization: `Bearer ${await token()}` } });
    expect(response.status).toBe(401);
    expect(errors).toHaveLength(1);
    await lonely.close();
  });
});

function alter(jwt: string): string {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return [header, part({ ...claims, sub: 'u2' }), signature].join('.');
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function unsigned(): string {
  const claims = { iss: issuer, client_id: 'web-client', sub: 'u1', exp: now + 60 };
  return `${part({ alg: 'none', kid: 'one' })}.${part(claims)}.`;
}
