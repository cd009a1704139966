import { randomUUID } from 'node:crypto';
import { problemSchema } from '@top-active/core/contracts';
import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { VerifyAccessToken } from './access-token.ts';
import { createApp } from './app.ts';
import { clientAddress } from './client-address.ts';
import { functions } from '../functions.ts';
import { createHttpHandler } from './handler.ts';
import type { HttpApp, HttpEvent } from './http-env.ts';
import { identityOf } from './identity.ts';

const context = z.custom<Context>().parse({});

beforeAll(() => {
  vi.stubEnv('ORIGIN_SECRETS', 's3cret,next');
});
afterAll(() => {
  vi.unstubAllEnvs();
});
const proof = { 'x-origin-secret': 's3cret' };

interface Request {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  /** What CloudFront adds. */
  added?: Record<string, string>;
  body?: string;
  /** What API Gateway says of the access token. */
  claims?: Record<string, string>;
}

function eventOf({
  method = 'GET',
  path = '/api/health',
  headers = {},
  added = proof,
  body,
  claims,
}: Request): HttpEvent {
  const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' };
  const requestContext = {
    accountId: '000000000000',
    apiId: 'api',
    domainName: 'api.example.com',
    domainPrefix: 'api',
    http,
    requestId: 'request-1',
    routeKey: `${method} ${path}`,
    stage: '$default',
    time: '',
    timeEpoch: 0,
    ...(claims && { authorizer: { principalId: '', integrationLatency: 0, jwt: { claims, scopes: [] } } }),
  };
  return {
    version: '2.0',
    routeKey: requestContext.routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: { ...headers, ...added },
    requestContext,
    isBase64Encoded: false,
    ...(body !== undefined && { body }),
  };
}

const user = {
  username: '0b5ed1ab-93a3-4b1f-8df5-0ad1c9f6a1c5',
  token_use: 'access',
  origin_jti: 'login-1',
  auth_time: '1796000000',
};
const authorization = 'Bearer token of login-1';

/** Whose token it is, `access-token.test.ts` has. */
const verifyAccessToken: VerifyAccessToken = (header) =>
  Promise.resolve(
    header === authorization
      ? { userId: user.username, sessionId: user.origin_jti, authTime: 1_796_000_000 }
      : undefined,
  );

let isLoggedIn = true;
const tenants = {
  for: () => Promise.resolve(partOfTenant({ logins: { isLive: () => Promise.resolve(isLoggedIn) } })),
};

async function ask(request: Request, addRoutes: (app: HttpApp) => void) {
  const handler = createHttpHandler('account', () => {
    const app = createApp('account', { verifyAccessToken, tenants });
    addRoutes(app);
    return app;
  });
  const { statusCode, headers, body, cookies } = await handler(eventOf(request), context);
  return { statusCode, headers, cookies, body: body ?? '', json: (): unknown => JSON.parse(body ?? '') };
}

describe('an HTTP function', () => {
  it.each(['TRACE', 'TRACK', 'CONNECT'])('refuses %s, which no request can be made of', async (method) => {
    const answer = await ask({ method }, () => undefined);
    expect(answer.statusCode).toBe(405);
    expect(answer.json()).toMatchObject({ code: 'method_not_allowed' });
  });

  it('answers an unexpected error with an opaque problem that support can find', async () => {
    const answer = await ask({}, (app) =>
      app.get('/api/health', () => {
        throw new Error('secret detail of the database');
      }),
    );
    expect(answer.statusCode).toBe(500);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': 'request-1',
    });
    expect(problemSchema.parse(answer.json())).toMatchObject({ code: 'internal', instance: 'request-1' });
    expect(answer.body).not.toContain('secret');
  });

  it('answers the same when it cannot start, and tries to start again', async () => {
    let starts = 0;
    const handler = createHttpHandler('account', () => {
      starts += 1;
      if (starts === 1) throw new Error('ITEMS_TABLE is missing');
      const app = createApp('account', { verifyAccessToken, tenants });
      app.get('/api/health', (c) => c.text('fine'));
      return app;
    });
    const first = await handler(eventOf({}), context);
    expect(first.statusCode).toBe(500);
    expect(problemSchema.parse(JSON.parse(first.body ?? '')).code).toBe('internal');
    expect(first.body).not.toContain('ITEMS_TABLE');
    expect((await handler(eventOf({}), context)).statusCode).toBe(200);
  });

  it('passes cookies, UTF-8 headers and decoded paths as they are', async () => {
    const answer = await ask({ path: '/api/a?b#c%d', headers: { 'x-name': 'José' } }, (app) =>
      app.get('/api/:rest', (c) => {
        c.header('set-cookie', 'a=1', { append: true });
        c.header('set-cookie', 'b=2', { append: true });
        const name = Buffer.from(c.req.header('x-name') ?? '', 'latin1').toString('utf8');
        return c.json({ rest: c.req.param('rest'), name });
      }),
    );
    expect(answer.json()).toEqual({ rest: 'a?b#c%d', name: 'José' });
    expect(answer.cookies).toEqual(['a=1', 'b=2']);
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  it.each(['100%', '%41', '%2e%2e', 'a\\b', 'a b\n'])('takes %j in a decoded path for what it is', async (rest) => {
    const answer = await ask({ path: `/api/${rest}` }, (app) =>
      app.get('/api/:rest', (c) => c.json(c.req.param('rest'))),
    );
    expect(answer.json()).toBe(rest);
  });

  it.each(['/api/open/../me', '/api/./me', '/api\\me', '/api/open/..\\me'])(
    'is not led from %s to a route that another authorizer guards',
    async (path) => {
      const answer = await ask({ path }, (app) => app.get('/api/me', (c) => c.text('guarded')));
      expect(answer.statusCode).toBe(404);
    },
  );

  it.each([
    ['{"text":"\\ud83d"}', 400],
    ['{"\\ude00":1}', 400],
    ['{"text":"\\\\\\ud83d"}', 400],
    ['{"text":"\\ud83d\\ude00 \\\\ud83d"}', 200],
  ])('takes Unicode only: %s', async (body, status) => {
    const request = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    const answer = await ask(request, (app) => app.post('/api/health', (c) => c.text('fine')));
    expect(answer.statusCode).toBe(status);
  });

  it('ignores a body that comes with GET', async () => {
    const answer = await ask({ body: 'anything' }, (app) => app.get('/api/health', (c) => c.text('fine')));
    expect(answer.statusCode).toBe(200);
  });
});

const whoAmI = (app: HttpApp) => void app.get('/api/me', (c) => c.json(identityOf(c)));

describe('a route behind the JWT authorizer', () => {
  it('knows user and login', async () => {
    const answer = await ask({ path: '/api/me', headers: { authorization }, claims: user }, whoAmI);
    expect(answer.json()).toMatchObject({ userId: user.username, sessionId: 'login-1' });
  });

  it.each([
    ['a token that API Gateway says nothing of', authorization, undefined],
    ['no token, whatever API Gateway says', '', user],
    ['a token that is none, whatever API Gateway says', 'Bearer nonsense', user],
    ['a token that API Gateway says to be of another user', authorization, { ...user, username: randomUUID() }],
    ['a token that API Gateway says to be of another login', authorization, { ...user, origin_jti: 'login-2' }],
    ['a token that API Gateway says to be an ID token', authorization, { ...user, token_use: 'id' }],
  ])('refuses %s', async (_, token, claims) => {
    const request = { path: '/api/me', headers: { authorization: token }, ...(claims && { claims }) };
    const answer = await ask(request, whoAmI);
    expect(problemSchema.parse(answer.json())).toMatchObject({ status: 401, code: 'unauthorized' });
  });

  it('refuses a token, however good, whose login has ended', async () => {
    isLoggedIn = false;
    const answer = await ask({ path: '/api/me', headers: { authorization }, claims: user }, whoAmI);
    isLoggedIn = true;
    expect(problemSchema.parse(answer.json())).toMatchObject({ status: 401, code: 'unauthorized' });
  });

  it('cannot be one that API Gateway leaves open', async () => {
    const answer = await ask({ headers: { authorization }, claims: user }, (app) =>
      app.get('/api/health', (c) => c.json(identityOf(c))),
    );
    expect(answer.statusCode).toBe(500);
  });
});

describe('the address of a client', () => {
  const address = async (headers: Record<string, string>) =>
    (await ask({ headers }, (app) => app.get('/api/health', (c) => c.text(clientAddress(c))))).body;

  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8:1::5:6:7:8', '2001:db8:1:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('is what CloudFront says, %s, and of six its whole network', async (viewerAddress, network) => {
    expect(await address({ 'cloudfront-viewer-address': `${viewerAddress}:4711` })).toBe(network);
  });

  it('is that of the connection where CloudFront says nothing, whatever the caller says', async () => {
    expect(await address({ 'x-forwarded-for': '198.51.100.7' })).toBe('192.0.2.1');
  });
});

describe('the entrance', () => {
  const enter = async (headers: Record<string, string>) => {
    let reached = 0;
    const answer = await ask({ headers, added: {} }, (app) =>
      app.get('/api/health', (c) => c.text(String((reached += 1)))),
    );
    return { status: answer.statusCode, code: reached ? undefined : problemSchema.parse(answer.json()).code };
  };

  it.each([
    ['the secret in use', { 'x-origin-secret': 's3cret' }],
    ['the next one', { 'X-Origin-Secret': 'next' }],
  ])('is open with %s', async (_, headers) => {
    expect(await enter(headers)).toEqual({ status: 200 });
  });

  it.each([
    ['nothing', {}],
    ['CloudFront’s other header alone', { 'cloudfront-viewer-address': '198.51.100.7:4711' }],
    ['a guess', { 'x-origin-secret': 'guess' }],
    ['both secrets as they are kept', { 'x-origin-secret': 's3cret,next' }],
    ['an empty secret', { 'x-origin-secret': '' }],
  ])('is closed to who comes by the API’s own address with %s', async (_, headers) => {
    expect(await enter(headers)).toEqual({ status: 403, code: 'wrong_address' });
  });

  it('is guarded in every function that people reach', () => {
    const open = functions
      .filter(({ trigger }) => trigger.kind === 'http' || trigger.kind === 'websocket-authorizer')
      .filter(({ environment }) => !environment.includes('ORIGIN_SECRETS'))
      .map(({ name }) => name);
    // Session hosts come by its own address, and with a signature.
    expect(open).toEqual(['host-access']);
  });
});
