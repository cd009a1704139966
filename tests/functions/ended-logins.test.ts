import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  forgotPasswordResponseSchema,
  googleConnectResponseSchema,
  meSchema,
  realtimeTicketResponseSchema,
  tokenResponseSchema,
} from '@top-active/core/contracts';
import { functions } from '@top-active/lambdas/functions';
import { ApiError, createApiClient, type ApiClient } from '@top-active/local/client/api-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { askAuth, headersFromNewAddress, problemOf } from '../support/auth-requests.ts';
import { startLambdasFixture, testPassword, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());

const guarded = functions.flatMap(({ trigger }) =>
  trigger.kind === 'http' ? trigger.routes.filter(({ authorizer }) => authorizer === 'jwt') : [],
);

const post = (path: string, body: unknown, headers: Record<string, string>) =>
  askAuth(fixture.origin + path, { body, headers: { origin: fixture.origin, ...headers } });

/** A login sets the device's cookie too. */
const cookieOf = ({ cookies }: { cookies: string[] }) =>
  cookies.find((cookie) => cookie.startsWith('top_active_refresh='))?.split(';')[0] ?? '';

/** One more login of the user, as another browser has it. */
async function logIn({ email }: TestUser, password = testPassword): Promise<{ api: ApiClient; cookie: string }> {
  const answer = await post('/api/auth/login', { email, password }, headersFromNewAddress());
  const api = createApiClient(fixture.origin);
  api.accessToken = tokenResponseSchema.parse(answer.body).accessToken;
  return { api, cookie: cookieOf(answer) };
}

const ticketOf = async (api: ApiClient) =>
  (await api.request('/api/realtime/ticket', { method: 'POST', answer: realtimeTicketResponseSchema })).ticket;

/** A WebSocket with this ticket: how it closed, or the status that refused it. */
function openSocket(ticket: string) {
  const socket = new WebSocket(fixture.webSocketUrl, ['top-active.v1', ticket]);
  const ended = new Promise<number>((resolve) => {
    socket.on('close', resolve);
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
  const opened = new Promise<void>((resolve) => {
    socket.on('open', resolve);
  });
  return { socket, ended, opened };
}

/** What every route says to the access token. */
async function statuses(api: ApiClient): Promise<number[]> {
  const answers = await Promise.all(
    guarded.map(({ method, path }) =>
      fetch(fixture.origin + path.replaceAll(/\{\w+\}/g, '01ARZ3NDEKTSV4RRFFQ69G5FAV'), {
        method,
        headers: { authorization: `Bearer ${api.accessToken}`, 'content-type': 'application/json' },
        ...(method !== 'GET' && { body: '{}' }),
      }),
    ),
  );
  return [...new Set(answers.map(({ status }) => status))];
}

async function resetPassword({ email }: TestUser, password: string): Promise<void> {
  const asked = await post('/api/auth/forgot-password', { email }, headersFromNewAddress());
  const { session } = forgotPasswordResponseSchema.parse(asked.body);
  const body = { email, code: fixture.codeFor(email), session, password };
  const answer = await post('/api/auth/reset-password', body, headersFromNewAddress());
  expect(answer.status).toBe(204);
}

/** Ways to end this login, though its access token is good for ten minutes. */
const ends: [string, (user: TestUser, login: { api: ApiClient; cookie: string }) => Promise<unknown>][] = [
  ['a logout', (_, { cookie }) => post('/api/auth/logout', {}, { cookie })],
  ['a new password', (user) => resetPassword(user, 'another horse 22')],
  [
    'the erasure of the account',
    (_, { api }) => api.request('/api/me', { method: 'DELETE', body: { password: testPassword } }),
  ],
];

describe.each(ends)('after %s', (_, end) => {
  // The first of them starts all functions.
  it(
    'no door is open to the access token, a ticket, a WebSocket or a consent under way',
    { timeout: 90_000 },
    async () => {
      const user = await fixture.newUser();
      const login = await logIn(user);
      const open = openSocket(await ticketOf(login.api));
      await open.opened;
      const ticket = await ticketOf(login.api);
      const { url } = await login.api.request('/api/google/connect', {
        method: 'POST',
        answer: googleConnectResponseSchema,
      });
      fixture.google.ensureAccount({ email: `calendar-${user.email}`, timeZone: 'America/Sao_Paulo' });
      const form = new FormData();
      form.set('decision', 'allow');
      form.set('account', `calendar-${user.email}`);
      const consent = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });

      await end(user, login);

      expect(await statuses(login.api)).toEqual([401]);
      expect(await open.ended).toBeGreaterThan(999);
      expect(await openSocket(ticket).ended).toBe(403);
      const back = await fetch(consent.headers.get('location') ?? '', { redirect: 'manual' });
      expect(back.headers.get('location')).toContain('google=invalid_state');
      const refreshed = await post('/api/auth/refresh', {}, { cookie: login.cookie });
      expect(problemOf(refreshed)).toMatchObject({ status: 401, code: 'session_expired' });
      expect(await user.tenant.connections.list()).toEqual([]);
    },
  );
});

describe('a logout', () => {
  it('ends its own login alone', async () => {
    const user = await fixture.newUser();
    const [mine, other] = [await logIn(user), await logIn(user)];
    await post('/api/auth/logout', {}, { cookie: mine.cookie });
    expect(await other.api.request('/api/me', { answer: meSchema })).toMatchObject({ id: user.userId });
  });

  it('of a login is not for whoever knows its name', async () => {
    const [user, other] = [await fixture.newUser(), await fixture.newUser()];
    const [mine, theirs] = [await logIn(user), await logIn(other)];
    const parts = (cookie: string) => cookie.replace('top_active_refresh=', '').split('.');
    const [owner = '', login = ''] = parts(theirs.cookie);
    const forged = ['top_active_refresh=' + owner, login, ...parts(mine.cookie).slice(2)].join('.');
    expect((await post('/api/auth/logout', {}, { cookie: forged })).status).toBe(204);
    expect(problemOf(await post('/api/auth/refresh', {}, { cookie: forged })).code).toBe('session_expired');
    expect(await theirs.api.request('/api/me', { answer: meSchema })).toMatchObject({ id: other.userId });
  });
});

describe('a new password', () => {
  it('ends every login there is, and lets the next one in', async () => {
    const user = await fixture.newUser();
    const others = [await logIn(user), await logIn(user)];
    await resetPassword(user, 'another horse 22');
    for (const { api } of [...others, user]) expect(await statuses(api)).toEqual([401]);
    const fresh = await logIn(user, 'another horse 22');
    expect(await fresh.api.request('/api/me', { answer: meSchema })).toMatchObject({ id: user.userId });
  });
});

describe('a WebSocket whose login has ended', () => {
  it('is closed at its next message, should API Gateway not have closed it', async () => {
    const user = await fixture.newUser();
    const login = await logIn(user);
    const { socket, opened, ended } = openSocket(await ticketOf(login.api));
    await opened;
    const [connection] = await user.tenant.connections.list();
    await user.tenant.logins.end(connection?.sessionId ?? '', 'logout');
    socket.send('{"type":"ping"}');
    expect(await ended).toBe(1000);
  });
});

describe('a refresh token that was replaced', () => {
  /** As if it had been replaced so long ago that no second tab of the same browser can still come with it. */
  function letGracePass(): void {
    const db = new DatabaseSync(join(fixture.dir, 'cognito', 'cognito.sqlite'));
    db.exec('UPDATE refresh_tokens SET rotated_at = rotated_at - 60000 WHERE rotated_at IS NOT NULL');
    db.close();
  }

  it('is good for a moment, for a second tab', async () => {
    const user = await fixture.newUser();
    const { cookie } = await logIn(user);
    const both = await Promise.all([
      post('/api/auth/refresh', {}, { cookie }),
      post('/api/auth/refresh', {}, { cookie }),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('ends the login for both that have it, and tells the owner', async () => {
    const user = await fixture.newUser();
    const [login, other] = [await logIn(user), await logIn(user)];
    const next = cookieOf(await post('/api/auth/refresh', {}, { cookie: login.cookie }));
    letGracePass();
    expect(problemOf(await post('/api/auth/refresh', {}, { cookie: login.cookie })).code).toBe('session_expired');
    expect(await statuses(login.api)).toEqual([401]);
    expect(problemOf(await post('/api/auth/refresh', {}, { cookie: next })).code).toBe('session_expired');
    const told = await other.api.request('/api/me', { answer: meSchema });
    expect(told.loginMisusedAt).toBeTruthy();
    const body = { loginMisusedAt: null };
    expect(await other.api.request('/api/me', { method: 'PATCH', body, answer: meSchema })).toMatchObject(body);
  });
});

describe('a token of the user pool that no login of ours gave out', () => {
  it('opens nothing', async () => {
    const user = await fixture.newUser();
    await user.tenant.items.write({ kind: 'delete', sk: `LOGIN#${(await sessionOf(user)).sessionId}` });
    const refused: unknown = await user.api.request('/api/me').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
  });

  async function sessionOf({ api, tenant }: TestUser) {
    const { socket, opened } = openSocket(await ticketOf(api));
    await opened;
    const [connection] = await tenant.connections.list();
    socket.terminate();
    return { sessionId: connection?.sessionId ?? '' };
  }
});
