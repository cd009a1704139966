import { meSchema, registerResponseSchema, tokenResponseSchema } from '@top-active/core/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiClient } from '@top-active/local/client/api-client';
import { askAuth, headersFromNewAddress, problemOf } from '../support/auth-requests.ts';
import { startLambdasFixture, testPassword, type LambdasFixture } from '../support/lambdas-fixture.ts';
import { idTokenOf } from '../support/tokens.ts';

let fixture: LambdasFixture;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());

const json = { 'content-type': 'application/json' };

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  askAuth(fixture.origin + path, { body, headers });

function registration(email: string, password = testPassword) {
  return { email, password, name: 'Ana Souza', locale: 'pt-BR' };
}

async function register(email: string, password = testPassword) {
  const answer = await post('/api/auth/register', registration(email, password), headersFromNewAddress());
  expect(answer.status).toBe(202);
  return { ...answer, session: registerResponseSchema.parse(answer.body).session };
}

/** What a browser is told to keep of the session. */
const refreshOf = (cookies: readonly string[]) =>
  cookies.find((cookie) => cookie.startsWith('top_active_refresh=')) ?? '';

const wrong = (code: string) => (code === '000000' ? '000001' : '000000');

const confirm = (email: string, code: string, session: string) =>
  post('/api/auth/confirm', { email, code, session }, headersFromNewAddress());
const login = (email: string, password: string, headers = headersFromNewAddress()) =>
  post('/api/auth/login', { email, password }, headers);

describe('registering', () => {
  it('leads to an account with a profile, logged in', async () => {
    const email = fixture.newEmail();
    const { session } = await register(email);
    const confirmed = await confirm(email, fixture.codeFor(email), session);
    expect(confirmed.status).toBe(200);
    const tokens = tokenResponseSchema.parse(confirmed.body);
    const client = createApiClient(fixture.origin);
    client.accessToken = tokens.accessToken;
    const me = await client.request('/api/me', { answer: meSchema });
    expect(me).toMatchObject({
      id: tokens.userId,
      email,
      name: 'Ana Souza',
      locale: 'pt-BR',
      timeZone: 'America/Sao_Paulo',
    });
  });

  it('answers the same in the same time for a taken e-mail, mails a code there too, and changes nothing', async () => {
    const user = await fixture.newUser();
    const mails = fixture.mails.length;
    const taken = await register(user.email, 'another password 2');
    expect(fixture.mails.slice(mails).map(({ to }) => to)).toEqual([user.email]);
    const code = fixture.codeFor(user.email);
    const fresh = await register(fixture.newEmail());
    expect(Object.keys(taken.body ?? {})).toEqual(Object.keys(fresh.body ?? {}));
    expect(taken.session.length).toBe(fresh.session.length);
    expect(Math.abs(taken.ms - fresh.ms)).toBeLessThan(250);
    // Only who reads the mailbox is told that there is an account.
    expect(problemOf(await confirm(user.email, wrong(code), taken.session)).code).toBe('invalid_code');
    expect(problemOf(await confirm(user.email, code, taken.session))).toMatchObject({
      status: 409,
      code: 'account_exists',
    });
    expect((await login(user.email, testPassword)).status).toBe(200);
    expect((await login(user.email, 'another password 2')).status).toBe(401);
  });

  it('tells nobody of an account, should the user pool look at the address before the code', async () => {
    const user = await fixture.newUser();
    const { session } = await register(user.email, 'another password 2');
    const AliasExists = { operation: 'ConfirmSignUp', code: 'AliasExistsException' };
    fixture.cloud.failIdentity({ ...AliasExists, times: 2 });
    const answer = await confirm(user.email, fixture.codeFor(user.email), session);
    expect(problemOf(answer).code).toBe('invalid_code');
  });

  it('says that the account is there when only the login after the confirmation failed', async () => {
    const email = fixture.newEmail();
    const { session } = await register(email);
    const code = fixture.codeFor(email);
    fixture.cloud.failIdentity({ operation: 'InitiateAuth', code: 'InternalErrorException' });
    for (let time = 1; time <= 2; time += 1) {
      const problem = problemOf(await confirm(email, code, session));
      expect(problem.code).toBe(time === 1 ? 'account_exists' : 'expired_code');
    }
    const tokens = tokenResponseSchema.parse((await login(email, testPassword)).body);
    const { profile } = await fixture.tenantOf(tokens.userId);
    expect(await profile.get()).toMatchObject({ name: 'Ana Souza' });
  });

  it('looks like nobody at the login until it is confirmed, whatever the password', async () => {
    const email = fixture.newEmail();
    await register(email);
    for (const password of [testPassword, 'wrong password 1'])
      expect(problemOf(await login(email, password)).code).toBe('invalid_credentials');
  });

  it('lives side by side with others of the same e-mail, each with its code, until one is confirmed', async () => {
    const email = fixture.newEmail();
    const begun = [];
    for (const password of ['first horse 1', 'second horse 2', 'third horse 3'])
      begun.push({ password, ...(await register(email, password)), code: fixture.codeFor(email) });
    const [first, second, third] = begun;
    if (!first || !second || !third) throw new Error('Three have registered');
    expect((await confirm(email, second.code, second.session)).status).toBe(200);
    for (const late of [first, third]) {
      expect(problemOf(await confirm(email, late.code, late.session)).code).toBe('account_exists');
      expect((await login(email, late.password)).status).toBe(401);
    }
    expect((await login(email, second.password)).status).toBe(200);
  });

  it('lets nobody register the e-mail of another in advance', async () => {
    const email = fixture.newEmail();
    const attacker = await register(email, 'password of attacker 1');
    const owner = await register(email, 'password of owner 1');
    const code = fixture.codeFor(email);
    // The owner's code doesn't confirm what the attacker began.
    expect(problemOf(await confirm(email, code, attacker.session)).code).toBe('invalid_code');
    expect((await confirm(email, code, owner.session)).status).toBe(200);
    expect((await login(email, 'password of attacker 1')).status).toBe(401);
    expect((await login(email, 'password of owner 1')).status).toBe(200);
  });

  it.each([
    ['too short', 'kurz 1', '10 characters'],
    ['without a digit', 'only letters here', 'a digit'],
  ])('refuses a password that is %s, and says what it lacks', async (_, password, lack) => {
    const answer = await post(
      '/api/auth/register',
      registration(fixture.newEmail(), password),
      headersFromNewAddress(),
    );
    const problem = problemOf(answer);
    expect(problem).toMatchObject({ status: 400, code: 'weak_password' });
    expect(problem.errors).toHaveLength(1);
    expect(problem.errors?.[0]?.field).toBe('password');
    expect(`${problem.errors?.[0]?.message} ${problem.errors?.[0]?.remedy}`).toMatch(new RegExp(lack, 'i'));
    expect(JSON.stringify(answer.body)).not.toContain(password);
  });

  it('refuses a wrong code, also when all digits are tried at once', async () => {
    const email = fixture.newEmail();
    const { session } = await register(email);
    const headers = headersFromNewAddress();
    const guesses = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        post('/api/auth/confirm', { email, code: String(i).padStart(6, '0'), session }, headers),
      ),
    );
    const codes = guesses.map((guess) => problemOf(guess).code);
    expect(codes.filter((code) => code === 'invalid_code').length).toBeLessThanOrEqual(6);
    expect(codes.filter((code) => code === 'too_many_attempts').length).toBeGreaterThanOrEqual(14);
  });
});

describe('logging in', () => {
  it('answers a wrong password and an unknown account alike, as slowly', async () => {
    const user = await fixture.newUser();
    const wrong = await login(user.email, 'wrong password 1');
    const unknown = await login('nobody@example.com', 'wrong password 1');
    const { instance: _, ...problem } = problemOf(wrong);
    expect(problem).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect(problemOf(unknown)).toMatchObject(problem);
    expect(Math.abs(wrong.ms - unknown.ms)).toBeLessThan(250);
  });

  it('slows down who guesses, with Retry-After', async () => {
    const user = await fixture.newUser();
    const attacker = headersFromNewAddress();
    const guesses = await Promise.all(
      Array.from({ length: 25 }, (_, i) => login(user.email, `guess number ${i}`, attacker)),
    );
    const refused = guesses.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(22);
    const [first = { status: 0, headers: new Headers(), body: undefined }] = refused;
    const problem = problemOf(first);
    expect(problem.retryAfter).toBeGreaterThanOrEqual(1);
    expect(first.headers.get('retry-after')).toBe(String(problem.retryAfter));
    // It holds for the right password too.
    expect(problemOf(await login(user.email, testPassword, attacker)).code).toBe('account_locked');
  });

  it('sets a cookie that scripts and other sites cannot reach', async () => {
    const user = await fixture.newUser();
    const { cookies, body } = await login(user.email, testPassword);
    expect(cookies).toHaveLength(2);
    expect(refreshOf(cookies)).toMatch(
      /^top_active_refresh=[^;]+; Max-Age=2592000; Path=\/api\/auth; HttpOnly; SameSite=Strict$/,
    );
    expect(Object.keys(body ?? {}).toSorted()).toEqual(['accessToken', 'expiresIn', 'userId']);
  });

  it('makes up for a profile that got lost between confirming and writing it', async () => {
    const user = await fixture.newUser();
    await user.tenant.items.write({ kind: 'delete', sk: 'PROFILE' });
    await login(user.email, testPassword);
    expect(await user.api.request('/api/me', { answer: meSchema })).toMatchObject({ email: user.email });
  });

  it('refuses pages of other origins', async () => {
    const user = await fixture.newUser();
    const answer = await login(user.email, testPassword, {
      ...headersFromNewAddress(),
      origin: 'https://evil.example',
    });
    expect(problemOf(answer)).toMatchObject({ status: 403, code: 'forbidden_origin' });
    expect(answer.cookies).toEqual([]);
  });
});

async function session() {
  const user = await fixture.newUser();
  const { cookies } = await login(user.email, testPassword);
  return { user, cookie: refreshOf(cookies).split(';')[0] ?? '' };
}

describe('a session', () => {
  it('goes on with a rotated refresh token', async () => {
    const { user, cookie } = await session();
    const answer = await post('/api/auth/refresh', {}, { cookie, origin: fixture.origin });
    expect(tokenResponseSchema.parse(answer.body).userId).toBe(user.userId);
    const next = (answer.cookies[0] ?? '').split(';')[0] ?? '';
    expect(next).not.toBe(cookie);
    const again = await post('/api/auth/refresh', {}, { cookie: next, origin: fixture.origin });
    expect(again.status).toBe(200);
  });

  it.each([
    ['no origin', undefined],
    ['another origin', 'https://evil.example'],
  ])('is out of reach from %s', async (_, origin) => {
    const { cookie } = await session();
    for (const path of ['/api/auth/refresh', '/api/auth/logout']) {
      const answer = await post(path, {}, { cookie, ...(origin && { origin }) });
      expect(problemOf(answer)).toMatchObject({ status: 403, code: 'forbidden_origin' });
    }
  });

  it('is over after logging out, on every tab', async () => {
    const { cookie } = await session();
    const next =
      ((await post('/api/auth/refresh', {}, { cookie, origin: fixture.origin })).cookies[0] ?? '').split(';')[0] ?? '';
    const out = await post('/api/auth/logout', {}, { cookie: next, origin: fixture.origin });
    expect(out.status).toBe(204);
    expect(out.cookies[0]).toMatch(/^top_active_refresh=; Max-Age=0; Path=\/api\/auth/);
    expect(out.headers.get('clear-site-data')).toBe('"cache", "storage"');
    for (const old of [cookie, next]) {
      const answer = await post('/api/auth/refresh', {}, { cookie: old, origin: fixture.origin });
      expect(problemOf(answer)).toMatchObject({ status: 401, code: 'session_expired' });
    }
  });

  it('can be ended twice, and without a cookie', async () => {
    const { cookie } = await session();
    for (const headers of [{ cookie }, { cookie }, {}])
      expect((await post('/api/auth/logout', {}, { ...headers, origin: fixture.origin })).status).toBe(204);
  });

  it('does not exist without a cookie', async () => {
    expect(problemOf(await post('/api/auth/refresh', {}, { origin: fixture.origin })).code).toBe('session_expired');
  });
});

describe('a bad request', () => {
  it.each([
    ['not JSON', '{"email": "a@b.c", password: hunter2hunter2}', json, 400, 'invalid_json'],
    ['empty', '', json, 400, 'invalid_json'],
    ['half a surrogate pair', '{"email": "a@b.c", "password": "\\ud83d"}', json, 400, 'invalid_json'],
    ['nested too deeply', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, json, 400, 'invalid_json'],
    ['of another type', 'email=a@b.c', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['too large', JSON.stringify({ email: 'x'.repeat(600_000) }), json, 413, 'body_too_large'],
  ])('that is %s is refused as such', async (_, body, headers, status, code) => {
    const answer = await post('/api/auth/login', body, headers);
    expect(problemOf(answer)).toMatchObject({ status, code });
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
  });

  it('with an unknown field and a wrong one has both named, with a remedy each', async () => {
    const answer = await post('/api/auth/login', { email: 'nobody', password: 'x', admin: true });
    const problem = problemOf(answer);
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(problem.errors?.map(({ field }) => field).toSorted()).toEqual(['admin', 'email']);
  });

  it('to no route, or with the wrong method, is told so', async () => {
    const missing = await fetch(`${fixture.origin}/api/nothing/here`);
    expect(problemOf({ status: missing.status, headers: missing.headers, body: await missing.json() })).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    const wrong = await fetch(`${fixture.origin}/api/auth/login`);
    expect(problemOf({ status: wrong.status, headers: wrong.headers, body: await wrong.json() })).toMatchObject({
      status: 405,
      code: 'method_not_allowed',
    });
    expect(wrong.headers.get('allow')).toBe('POST');
  });

  it('with an ID token in place of the access token is refused', async () => {
    const user = await fixture.newUser();
    const { accessToken = '' } = user.api;
    const me = (token: string) => fetch(`${fixture.origin}/api/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await me(accessToken)).status).toBe(200);
    const refused = await me(idTokenOf(fixture.dir, accessToken));
    expect(problemOf({ status: refused.status, headers: refused.headers, body: await refused.json() })).toMatchObject({
      status: 401,
      code: 'unauthorized',
    });
    expect((await me('no token at all')).status).toBe(401);
  });
});
