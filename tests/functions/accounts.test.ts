import { createHash } from 'node:crypto';
import {
  authenticatorKeySchema,
  forgotPasswordResponseSchema,
  realtimeTicketResponseSchema,
  secondFactorWantedSchema,
  tokenResponseSchema,
} from '@top-active/core/contracts';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode } from '@top-active/cloud/cognito/totp';
import { askAuth, headersFromNewAddress, problemOf } from '../support/auth-requests.ts';
import { storedText } from '../support/stored-text.ts';
import { startLambdasFixture, testPassword, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());

const post = (path: string, body: unknown, headers = headersFromNewAddress()) =>
  askAuth(fixture.origin + path, { body, headers });
const login = (email: string, password: string) => post('/api/auth/login', { email, password });
const cookieOf = ({ cookies }: { cookies: string[] }) =>
  (cookies.find((cookie) => cookie.startsWith('top_active_refresh=')) ?? '').split(';')[0] ?? '';
const refresh = (cookie: string) => post('/api/auth/refresh', {}, { cookie, origin: fixture.origin });

const newPassword = 'another horse 2';

async function forget(email: string) {
  const answer = await post('/api/auth/forgot-password', { email });
  expect(answer.status).toBe(202);
  return { ...answer, session: forgotPasswordResponseSchema.parse(answer.body).session };
}

const reset = (email: string, session: string, { code = fixture.codeFor(email), password = newPassword } = {}) =>
  post('/api/auth/reset-password', { email, code, session, password });

const wrong = (code: string) => (code === '000000' ? '000001' : '000000');

// Their own, one after the other: they look at times, and at what the user pool does next.
describe('an account', () => {
  it('is not told of by the time or the answer of asking for a new password', async () => {
    const user = await fixture.newUser();
    const mails = fixture.mails.length;
    const [known, unknown] = [await forget(user.email), await forget('nobody@example.com')];
    expect(Object.keys(unknown.body ?? {})).toEqual(Object.keys(known.body ?? {}));
    expect(unknown.session.length).toBe(known.session.length);
    expect(Math.abs(unknown.ms - known.ms)).toBeLessThan(250);
    expect(fixture.mails.slice(mails).map(({ to }) => to)).toEqual([user.email]);
    const { instance: _, ...refusal } = problemOf(
      await reset(user.email, known.session, { code: wrong(fixture.codeFor(user.email)) }),
    );
    expect(refusal.code).toBe('invalid_code');
    const code = '123456';
    expect(problemOf(await reset('nobody@example.com', unknown.session, { code }))).toMatchObject(refusal);
  });

  it('is not told of by the limit of the user pool for codes', async () => {
    const user = await fixture.newUser();
    // The SDK tries three times.
    fixture.cloud.failIdentity({ operation: 'ForgotPassword', code: 'LimitExceededException', times: 3 });
    const mails = fixture.mails.length;
    await forget(user.email);
    expect(fixture.mails).toHaveLength(mails);
  });
});

describe.concurrent('a forgotten password', () => {
  it('is replaced with the code from the e-mail, and ends every login', async () => {
    const user = await fixture.newUser();
    const cookie = cookieOf(await login(user.email, testPassword));
    const socket = await openSocket(user);
    const closed = once(socket, 'close');
    const { session } = await forget(user.email);
    expect(fixture.mails.findLast(({ to }) => to === user.email)?.kind).toBe('forgot-password');
    // Asking alone changes nothing.
    expect((await login(user.email, testPassword)).status).toBe(200);
    const changed = await reset(user.email, session);
    expect(changed.status).toBe(204);
    expect(cookieOf(changed)).toBe('');
    expect(problemOf(await login(user.email, testPassword)).code).toBe('invalid_credentials');
    expect((await login(user.email, newPassword)).status).toBe(200);
    expect(problemOf(await refresh(cookie)).code).toBe('session_expired');
    await closed;
    expect(await user.tenant.connections.list()).toEqual([]);
    await expect(openSocket(user)).rejects.toThrow('401');
    // The code and its session are used up.
    expect(problemOf(await reset(user.email, session, { password: 'a third horse 3' })).code).toBe('expired_code');
  });

  it('takes the code only in the browser that asked, and twice an hour at most', async () => {
    const [user, other] = [await fixture.newUser(), await fixture.newUser()];
    const [{ session }, foreign] = await Promise.all([forget(user.email), forget(other.email)]);
    expect(problemOf(await reset(user.email, foreign.session)).code).toBe('invalid_code');
    expect(problemOf(await reset(user.email, 'a session of nobody')).code).toBe('expired_code');
    for (let tries = 1; tries <= 2; tries += 1) {
      const guess = await reset(other.email, foreign.session, { code: wrong(fixture.codeFor(other.email)) });
      expect(problemOf(guess).code).toBe('invalid_code');
    }
    for (const { email, session: right } of [
      { email: user.email, session },
      { email: other.email, session: foreign.session },
    ]) {
      const refused = problemOf(await reset(email, right));
      expect(refused.code).toBe('too_many_attempts');
      expect(refused.retryAfter).toBeGreaterThan(3_500);
      expect((await login(email, testPassword)).status).toBe(200);
    }
  });

  it.each([
    ['too short', 'kurz 1', '10 characters'],
    ['without a digit', 'only letters here', 'a digit'],
    ['with spaces around it', ' long enough 1 ', 'no spaces'],
    ['one that everybody takes', 'senha12345', 'tried first'],
    ['the e-mail', 'nobody@example.com1', 'the e-mail'],
  ])('refuses a new one that is %s, before it looks for an account', async (_, password, lack) => {
    const body = { email: 'nobody@example.com', code: '123456', session: 'none', password };
    const problem = problemOf(await post('/api/auth/reset-password', body));
    expect(problem).toMatchObject({ status: 400, code: 'weak_password' });
    expect(problem.errors?.[0]?.message).toContain(lack);
  });

  it('slows down who asks again and again', async () => {
    const headers = headersFromNewAddress();
    const asked = await Promise.all(
      Array.from({ length: 9 }, () => post('/api/auth/forgot-password', { email: 'nobody@example.com' }, headers)),
    );
    const refused = asked.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(3);
    expect(problemOf(refused[0] ?? { status: 0, headers: new Headers(), body: undefined }).retryAfter).toBeGreaterThan(
      0,
    );
  });

  it('is nothing for pages of other origins', async () => {
    const headers = { ...headersFromNewAddress(), origin: 'https://evil.example' };
    for (const path of ['/api/auth/forgot-password', '/api/auth/reset-password'])
      expect(problemOf(await post(path, { email: 'nobody@example.com' }, headers)).code).toBe('forbidden_origin');
  });
});

/**
 * Codes of an authenticator app, each newer than the one before, as long as Cognito takes them: three of one moment.
 */
function appOf(secret: string) {
  const steps = [-30_000, 0, 30_000].map((shift) => totpCode(secret, Date.now() + shift));
  return { next: () => steps.shift() ?? '', wrong: () => wrong(steps[0] ?? '') };
}

const tokenOf = ({ api }: TestUser) => ({ ...headersFromNewAddress(), authorization: `Bearer ${api.accessToken}` });
const factor = (user: TestUser, method: 'GET' | 'POST' | 'DELETE', body?: object) =>
  askAuth(`${fixture.origin}/api/me/second-factor`, { method, body, headers: tokenOf(user) });
const confirmFactor = (user: TestUser, code: string) =>
  post('/api/me/second-factor/confirm', { password: testPassword, code }, tokenOf(user));

async function protectedUser() {
  const user = await fixture.newUser();
  const begun = await factor(user, 'POST', { password: testPassword });
  expect(begun.status).toBe(201);
  const { secret, uri } = authenticatorKeySchema.parse(begun.body);
  const app = appOf(secret);
  expect((await confirmFactor(user, app.next())).status).toBe(204);
  return { user, app, secret, uri };
}

async function beginLogin(email: string, password = testPassword) {
  const answer = await login(email, password);
  expect(answer.status).toBe(202);
  expect(answer.cookies).toEqual([]);
  expect(Object.keys(answer.body ?? {})).toEqual(['session']);
  return secondFactorWantedSchema.parse(answer.body).session;
}

const loginWith = (email: string, session: string, code: string) =>
  post('/api/auth/login/code', { email, session, code });

describe.concurrent('the second factor', () => {
  it('is asked for at the login from its first code on, and no more once it is off', async () => {
    const { user, app, secret, uri } = await protectedUser();
    expect(uri).toBe(
      `otpauth://totp/Top%20Active%20WhatsApp:${encodeURIComponent(user.email)}?secret=${secret}&issuer=Top%20Active%20WhatsApp`,
    );
    expect((await factor(user, 'GET')).body).toEqual({ on: true });
    const session = await beginLogin(user.email);
    expect(problemOf(await loginWith(user.email, session, app.wrong())).code).toBe('invalid_code');
    const code = app.next();
    const answer = await loginWith(user.email, session, code);
    expect(tokenResponseSchema.parse(answer.body).userId).toBe(user.userId);
    expect((await refresh(cookieOf(answer))).status).toBe(200);
    // Neither the session nor the code is good for a second login.
    expect(problemOf(await loginWith(user.email, session, code)).code).toBe('expired_code');
    expect(problemOf(await loginWith(user.email, await beginLogin(user.email), code)).code).toBe('invalid_code');

    const end = (password: string, last: string) => factor(user, 'DELETE', { password, code: last });
    expect(problemOf(await end('wrong horse 1', app.wrong())).code).toBe('invalid_credentials');
    expect(problemOf(await end(testPassword, app.wrong())).code).toBe('invalid_code');
    expect((await end(testPassword, app.next())).status).toBe(204);
    expect((await factor(user, 'GET')).body).toEqual({ on: false });
    expect((await login(user.email, testPassword)).status).toBe(200);
  });

  it('is not on before a code of the app was right, and takes the password to begin', async () => {
    const user = await fixture.newUser();
    expect(problemOf(await factor(user, 'POST', { password: 'wrong horse 1' })).code).toBe('invalid_credentials');
    const { secret } = authenticatorKeySchema.parse((await factor(user, 'POST', { password: testPassword })).body);
    expect(problemOf(await confirmFactor(user, appOf(secret).wrong())).code).toBe('invalid_code');
    expect((await factor(user, 'GET')).body).toEqual({ on: false });
    expect((await login(user.email, testPassword)).status).toBe(200);
  });

  it('can be set up no second time while it is on', async () => {
    const { user, app } = await protectedUser();
    expect(problemOf(await factor(user, 'POST', { password: testPassword })).code).toBe('conflict');
    expect((await loginWith(user.email, await beginLogin(user.email), app.next())).status).toBe(200);
  });

  it('is asked for in the browser that gave the password, five times at most', async () => {
    const { user, app } = await protectedUser();
    const other = await protectedUser();
    const foreign = await beginLogin(other.user.email);
    expect(problemOf(await loginWith(user.email, foreign, app.wrong())).code).toBe('invalid_code');
    expect(problemOf(await loginWith(user.email, 'a session of nobody', app.wrong())).code).toBe('expired_code');
    const session = await beginLogin(user.email);
    const codes: string[] = [];
    for (let tries = 1; tries <= 6; tries += 1)
      codes.push(problemOf(await loginWith(user.email, session, app.wrong())).code);
    expect(codes.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => 'invalid_code'));
    expect(codes.at(-1)).toBe('expired_code');
  });

  it('is guessed ten times at most by who has the password, from whatever addresses, and then says when the next try is', async (context) => {
    const { user, app } = await protectedUser();
    const tries = [];
    for (const session of [await beginLogin(user.email), await beginLogin(user.email)])
      for (let n = 0; n < 5; n += 1) tries.push(problemOf(await loginWith(user.email, session, app.wrong())));
    // The first five; then the user pool begins to refuse as well, for seconds.
    expect(tries.slice(0, 5).map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => 'invalid_code'));
    // Our own refusal says how long.
    const wait = ({ detail }: { detail: string }) => Number(/Wait (\d+) s/.exec(detail)?.[1] ?? 0);
    for (const answer of tries) expect(wait(answer)).toBeLessThanOrEqual(5);
    const session = await beginLogin(user.email);
    // The limit that strangers share lets one through after a second.
    await context.expect
      .poll(async () => wait(problemOf(await loginWith(user.email, session, app.wrong()))), { timeout: 8_000 })
      .toBeGreaterThan(30);
    // Nor is there another way: where the factor is switched off, its codes are counted too.
    const end = problemOf(await factor(user, 'DELETE', { password: testPassword, code: app.next() }));
    expect(wait(end)).toBeGreaterThan(30);
  }, 40_000);

  it('can be counted against the owner by nobody who lacks the password', async () => {
    const { user, app } = await protectedUser();
    const other = await protectedUser();
    const count = `authenticator-code#${createHash('sha256').update(user.userId).digest('hex')}`;
    const session = await beginLogin(other.user.email);
    for (const of of [session, session, 'a session of nobody'])
      expect(problemOf(await loginWith(user.email, of, app.wrong())).code).toMatch(/^(invalid|expired)_code$/);
    expect(await storedText(fixture.cloud)).not.toContain(count);
    await loginWith(user.email, await beginLogin(user.email), app.wrong());
    expect(await storedText(fixture.cloud)).toContain(count);
  });

  it('stays on when the password is forgotten', async () => {
    const { user, app } = await protectedUser();
    const { session } = await forget(user.email);
    expect((await reset(user.email, session)).status).toBe(204);
    const answer = await loginWith(user.email, await beginLogin(user.email, newPassword), app.next());
    expect(answer.status).toBe(200);
  });

  it('keeps nobody from erasing the account with the password', async () => {
    const { user } = await protectedUser();
    const erase = (password: string) =>
      askAuth(`${fixture.origin}/api/me`, { method: 'DELETE', body: { password }, headers: tokenOf(user) });
    expect(problemOf(await erase('wrong horse 1')).code).toBe('invalid_credentials');
    expect((await erase(testPassword)).status).toBe(202);
  });

  it('takes the password of today at both steps', async () => {
    const user = await fixture.newUser();
    const { secret } = authenticatorKeySchema.parse((await factor(user, 'POST', { password: testPassword })).body);
    const { session } = await forget(user.email);
    await reset(user.email, session);
    // The login of before has ended with its password.
    expect((await confirmFactor(user, appOf(secret).next())).status).toBe(401);
    const { accessToken } = tokenResponseSchema.parse((await login(user.email, newPassword)).body);
    const old = { password: testPassword };
    for (const [path, body] of [
      ['/api/me/second-factor/confirm', { ...old, code: appOf(secret).next() }],
      ['/api/me/second-factor', old],
    ] as const)
      expect(problemOf(await post(path, body, { authorization: `Bearer ${accessToken}` })).code).toBe(
        'invalid_credentials',
      );
  });
});

async function openSocket({ api }: TestUser): Promise<WebSocket> {
  const { ticket } = await api.request('/api/realtime/ticket', {
    method: 'POST',
    answer: realtimeTicketResponseSchema,
  });
  const socket = new WebSocket(fixture.webSocketUrl, ['top-active.v1', ticket]);
  await once(socket, 'open');
  return socket;
}
