import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { matchPath, problemSchema, realtimeTicketResponseSchema } from '@top-active/core/contracts';
import { functions, type FunctionName } from '@top-active/lambdas/functions';
import { createOpenApiDocument } from '@top-active/lambdas/openapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startLambdasFixture, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';
import { claimsOf, idTokenOf, signAs, type Claims } from '../support/tokens.ts';

let fixture: LambdasFixture;
let user: TestUser;
let other: TestUser;
let idToken = '';
beforeAll(async () => {
  fixture = await startLambdasFixture();
  [user, other] = [await fixture.newUser(), await fixture.newUser()];
  idToken = idTokenOf(fixture.dir, tokenOf(user));
});
afterAll(() => fixture.close());

const tokenOf = ({ api }: TestUser): string => api.accessToken ?? '';

/** Every route of the OpenAPI document that asks for a token, with the function behind it. */
const guarded = Object.entries(
  createOpenApiDocument({ origin: 'https://app.example.com', version: 'test' }).paths ?? {},
).flatMap(([path, operations]) =>
  Object.entries(operations).flatMap(([method, operation]) =>
    z.object({ security: z.array(z.unknown()) }).safeParse(operation).success
      ? [{ method: method.toUpperCase(), path, name: functionOf(method.toUpperCase(), path) }]
      : [],
  ),
);

function functionOf(method: string, path: string): FunctionName {
  const found = functions.find(
    ({ trigger }) =>
      trigger.kind === 'http' && trigger.routes.some((route) => route.method === method && matchPath(route.path, path)),
  );
  if (!found) throw new Error(`No function has ${method} ${path}`);
  return found.name;
}

const answerSchema = z.object({ statusCode: z.number(), body: z.string().default('') });

/** The function itself, past API Gateway; `claims` is what its authorizer would have said. */
async function invoke(
  { method, path, name }: { method: string; path: string; name: FunctionName },
  { token, claims }: { token?: string | undefined; claims?: Claims | undefined },
) {
  const rawPath = path.replaceAll(/\{\w+\}/g, '01ARZ3NDEKTSV4RRFFQ69G5FAV');
  const answer = await fixture.invoke(name, {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath,
    rawQueryString: '',
    headers: {
      'x-origin-secret': fixture.environment.originSecret,
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: method === 'GET' ? undefined : '{}',
    requestContext: {
      http: { method, path: rawPath, sourceIp: '127.0.0.1' },
      requestId: randomUUID(),
      routeKey: `${method} ${path}`,
      domainName: 'api',
      ...(claims && { authorizer: { jwt: { claims, scopes: null } } }),
    },
    isBase64Encoded: false,
  });
  return answerSchema.parse(answer);
}

/** As API Gateway would hand on the claims of this user's token. */
const told = (of: TestUser): Claims =>
  Object.fromEntries(Object.entries(claimsOf(tokenOf(of))).map(([claim, value]) => [claim, String(value)]));

const now = () => Math.floor(Date.now() / 1000);

/** Signed by a key that isn't the pool's, under the name of one that is. */
function foreign(token: string): string {
  const signed = token.split('.').slice(0, 2).join('.');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

const attempts: [string, () => { token?: string; claims?: Claims }][] = [
  ['an event without authorizer and without token', () => ({})],
  ['an event without authorizer', () => ({ token: tokenOf(user) })],
  ['forged claims and no token', () => ({ claims: told(user) })],
  ['forged claims of another, and an own token', () => ({ token: tokenOf(user), claims: told(other) })],
  ['forged claims and a foreign token', () => ({ token: foreign(tokenOf(user)), claims: told(user) })],
  [
    'forged claims and an expired token',
    () => ({
      token: signAs(fixture.dir, tokenOf(user), { ...claimsOf(tokenOf(user)), exp: now() - 1 }),
      claims: told(user),
    }),
  ],
  [
    'forged claims and a token of another client',
    () => ({
      token: signAs(fixture.dir, tokenOf(user), { ...claimsOf(tokenOf(user)), client_id: 'another' }),
      claims: told(user),
    }),
  ],
  ['forged claims and an ID token', () => ({ token: idToken, claims: told(user) })],
];

describe.each(guarded)('$method $path, past the authorizer of API Gateway', (route) => {
  it.each(attempts)('refuses %s', async (_, make) => {
    const { statusCode, body } = await invoke(route, make());
    expect(statusCode, body).toBe(401);
    expect(problemSchema.parse(JSON.parse(body)).code).toBe('unauthorized');
  });

  it('knows the owner of a token that both have verified', async () => {
    const { statusCode, body } = await invoke(route, { token: tokenOf(user), claims: told(user) });
    expect(statusCode, body).not.toBe(401);
  });
});

describe('the routes looked at', () => {
  it('are all that API Gateway guards by a token', () => {
    const routes = functions.flatMap(({ trigger }) => (trigger.kind === 'http' ? trigger.routes : []));
    const ofUsers = routes.filter(({ authorizer }) => authorizer === 'jwt');
    expect(guarded).toHaveLength(ofUsers.length);
    expect(guarded.length).toBeGreaterThan(25);
  });
});

describe('a WebSocket, past its authorizer', () => {
  const ticketOf = async ({ api }: TestUser) =>
    (await api.request('/api/realtime/ticket', { method: 'POST', answer: realtimeTicketResponseSchema })).ticket;
  const sessionOf = (of: TestUser) => z.string().parse(claimsOf(tokenOf(of))['origin_jti']);

  async function route(
    routeKey: string,
    { ticket, authorizer, body }: { ticket?: string; authorizer?: object; body?: string },
  ) {
    const connectionId = `${randomUUID()}=`;
    const event = {
      headers: {
        'x-origin-secret': fixture.environment.originSecret,
        ...(ticket && { 'Sec-WebSocket-Protocol': `top-active.v1, ${ticket}` }),
      },
      requestContext: { routeKey, connectionId, requestId: randomUUID(), authorizer },
      body,
      isBase64Encoded: false,
    };
    return z.object({ statusCode: z.number() }).parse(await fixture.invoke('realtime', event)).statusCode;
  }

  const forged = (of: TestUser) => ({ userId: of.userId, sessionId: sessionOf(of) });

  it.each<[string, () => Promise<{ ticket?: string; authorizer?: object }>]>([
    ['a ticket that no authorizer has seen', async () => ({ ticket: await ticketOf(user) })],
    ['forged words and no ticket', () => Promise.resolve({ authorizer: forged(user) })],
    [
      'forged words and a ticket that no authorizer has seen',
      async () => ({ ticket: await ticketOf(user), authorizer: forged(user) }),
    ],
    [
      'forged words and the ticket of another',
      async () => ({ ticket: await ticketOf(other), authorizer: forged(user) }),
    ],
  ])('does not open with %s', async (_, make) => {
    expect(await route('$connect', await make())).toBe(403);
    expect(await user.tenant.connections.list()).toEqual([]);
  });

  it('answers no message of a connection that is none of the user’s', async () => {
    expect(await route('$default', { body: '{"type":"ping"}' })).toBe(403);
    const since = fixture.logs.length;
    await route('$default', { authorizer: forged(user), body: '{"type":"ping"}' });
    expect(
      fixture.logs
        .slice(since)
        .map(({ line }) => line)
        .join('\n'),
    ).toContain('WebSocket closed');
  });
});
