import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccessTokenVerifier } from './access-token.ts';

const pool = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const clientId = 'client-1';
const now = Math.floor(Date.now() / 1000);

let server: Server;
let issuer = '';
/** How often the keys were asked for. */
let fetches = 0;
/** So many of the next answers are failures. */
let failing = 0;

beforeEach(async () => {
  fetches = 0;
  failing = 0;
  server = createServer((request, response) => {
    fetches += 1;
    if ((failing -= 1) >= 0 || request.url !== '/pool/.well-known/jwks.json') response.writeHead(500).end();
    else
      response.end(
        JSON.stringify({ keys: [{ ...pool.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256' }] }),
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server has no other address
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pool`;
});
afterEach(async () => {
  server.close();
  await once(server, 'close');
});

const verifier = () => createAccessTokenVerifier({ TOKEN_ISSUER: issuer, USER_POOL_CLIENT_ID: clientId });

function claims() {
  return {
    username: '0b5ed1ab-93a3-4b1f-8df5-0ad1c9f6a1c5',
    iss: issuer,
    client_id: clientId,
    origin_jti: 'login-1',
    auth_time: now,
    token_use: 'access',
    exp: now + 600,
    iat: now,
    jti: randomUUID(),
  };
}

interface Made {
  payload?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: KeyObject;
}

function tokenOf({ payload, header, key = pool.privateKey }: Made = {}): string {
  const parts = [
    { kid: 'k1', alg: 'RS256', ...header },
    { ...claims(), ...payload },
  ];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

describe('an access token', () => {
  it('tells whose it is, and its keys are fetched once', async () => {
    const verify = verifier();
    const all = await Promise.all([verify(`Bearer ${tokenOf()}`), verify(`bearer ${tokenOf()}`)]);
    const known = { userId: claims().username, sessionId: 'login-1', authTime: now };
    expect(all).toEqual([known, known]);
    server.closeAllConnections();
    expect(await verify(`Bearer ${tokenOf()}`)).toEqual(known);
    expect(fetches).toBe(1);
  });

  it.each<[string, () => string | undefined]>([
    ['missing', () => undefined],
    ['empty', () => 'Bearer '],
    ['no token', () => 'Bearer nonsense'],
    ['of another scheme', () => `Basic ${tokenOf()}`],
    ['two tokens', () => `Bearer ${tokenOf()} ${tokenOf()}`],
    ['expired', () => `Bearer ${tokenOf({ payload: { exp: now - 1 } })}`],
    ['not valid yet', () => `Bearer ${tokenOf({ payload: { nbf: now + 60 } })}`],
    ['an ID token', () => `Bearer ${tokenOf({ payload: { token_use: 'id', client_id: undefined, aud: clientId } })}`],
    ['of another use', () => `Bearer ${tokenOf({ payload: { token_use: 'id' } })}`],
    ['of another client', () => `Bearer ${tokenOf({ payload: { client_id: 'client-2' } })}`],
    ['of another pool', () => `Bearer ${tokenOf({ payload: { iss: `${issuer}x` } })}`],
    ['of nobody', () => `Bearer ${tokenOf({ payload: { username: 'admin' } })}`],
    ['without a login', () => `Bearer ${tokenOf({ payload: { origin_jti: undefined } })}`],
    ['signed by a stranger', () => `Bearer ${tokenOf({ key: stranger.privateKey })}`],
    ['signed by a key that the pool does not have', () => `Bearer ${tokenOf({ header: { kid: 'k2' } })}`],
    ['without a key’s name', () => `Bearer ${tokenOf({ header: { kid: undefined } })}`],
    ['unsigned', () => `Bearer ${tokenOf({ header: { alg: 'none' } }).replace(/[^.]+$/, '')}`],
  ])('is none when it is %s', async (_, make) => {
    expect(await verifier()(make())).toBeUndefined();
  });

  it('that names unknown keys does not have them fetched again and again', async () => {
    const verify = verifier();
    await verify(`Bearer ${tokenOf()}`);
    for (let i = 0; i < 5; i++) await verify(`Bearer ${tokenOf({ header: { kid: `made up ${i}` } })}`);
    expect(fetches).toBe(2);
    expect(await verify(`Bearer ${tokenOf()}`)).toBeDefined();
  });

  it('is neither right nor wrong while the keys can’t be got, and right after that', async () => {
    failing = 3;
    const verify = verifier();
    await expect(verify(`Bearer ${tokenOf()}`)).rejects.toThrow('Status 500');
    expect(await verify(`Bearer ${tokenOf()}`)).toBeDefined();
    expect(fetches).toBe(4);
  });
});
