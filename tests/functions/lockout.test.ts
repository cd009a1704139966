import { forgotPasswordResponseSchema } from '@top-active/core/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAuth, headersFromNewAddress, problemOf } from '../support/auth-requests.ts';
import { startLambdasFixture, testPassword, type LambdasFixture } from '../support/lambdas-fixture.ts';
import { wrongPasswordsAtThePool } from '../support/stored.ts';

let fixture: LambdasFixture;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());

const post = (path: string, body: unknown, headers: Record<string, string> = headersFromNewAddress()) =>
  askAuth(`${fixture.origin}/api/auth/${path}`, { body, headers });
const login = (email: string, password: string, headers?: Record<string, string>) =>
  post('login', { email, password }, headers);

/** The cookie by which an account knows a device, as the browser sends it back. */
function deviceOf({ cookies }: { cookies: readonly string[] }): string {
  const found = cookies.find((cookie) => cookie.startsWith('top_active_device_'));
  if (!found) throw new Error('No device is remembered');
  return found.split(';')[0] ?? '';
}

async function ownerWithDevice() {
  const { email } = await fixture.newUser();
  const first = await login(email, testPassword);
  expect(first.status).toBe(200);
  return { email, cookie: deviceOf(first), set: first.cookies };
}

/** From as many addresses as there are guesses, or from one. */
const guess = (email: string, count: number, headers?: Record<string, string>) =>
  Promise.all(Array.from({ length: count }, (_, n) => login(email, `guess number ${n}`, headers)));

const from = (cookie: string) => ({ ...headersFromNewAddress(), cookie });

describe.each([
  ['one address', () => headersFromNewAddress()],
  ['many addresses', () => undefined],
])('a stranger who guesses passwords from %s', (_, place) => {
  it('is told of the lock, and locks out nobody who has logged in before', async () => {
    const { email, cookie } = await ownerWithDevice();
    const headers = place();
    for (let wave = 1; wave <= 3; wave += 1) {
      const codes = (await guess(email, 12, headers)).map((answer) => problemOf(answer).code);
      expect(codes.filter((code) => code === 'invalid_credentials').length).toBeLessThanOrEqual(wave === 1 ? 3 : 0);
      const owner = await login(email, testPassword, from(cookie));
      expect(owner.status).toBe(200);
      // Every one of the wrong ones counted there, and the lock of the user pool itself begins at five.
      if (wave === 1) await guess(email, 12, headers);
      expect(wrongPasswordsAtThePool(fixture.dir)).toBeLessThan(5);
    }
  });
});

describe('a locked account', () => {
  it('is one also where there is none, with the same answers', async () => {
    const { email } = await fixture.newUser();
    const answers = async (of: string) => {
      const told = [];
      for (let n = 1; n <= 4; n += 1) {
        const { instance: _, ...problem } = problemOf(await login(of, `guess number ${n}`));
        told.push({ ...problem, retryAfter: problem.retryAfter && Math.round(problem.retryAfter / 10) });
      }
      return told;
    };
    const known = await answers(email);
    expect(known.map(({ code }) => code)).toEqual([
      'invalid_credentials',
      'invalid_credentials',
      'invalid_credentials',
      'account_locked',
    ]);
    expect(known[3]).toMatchObject({ status: 429, retryAfter: 96 });
    expect(await answers('nobody-at-all@example.com')).toEqual(known);
  });

  it('takes the right password from no unknown device, until a mail has set a new one', async () => {
    const { email } = await fixture.newUser();
    await guess(email, 12);
    expect(problemOf(await login(email, testPassword)).code).toBe('account_locked');
    const { session } = forgotPasswordResponseSchema.parse((await post('forgot-password', { email })).body);
    const password = 'another horse 2';
    const reset = await post('reset-password', { email, code: fixture.codeFor(email), session, password });
    expect(reset.status).toBe(204);
    const device = deviceOf(reset);
    await guess(email, 12);
    // Who has read the mail is known from then on.
    expect((await login(email, password, from(device))).status).toBe(200);
  });

  it('opens to no cookie that was made for another account, changed, or made up', async () => {
    const [{ email, cookie }, other] = [await ownerWithDevice(), await ownerWithDevice()];
    await guess(email, 12);
    const [name = '', value = ''] = cookie.split('=');
    const [device, at, signature = ''] = value.split('.');
    const foreign = other.cookie.split('=')[1];
    const forged = [
      `${name}=${foreign}`,
      `${name}=${device}.${Number(at) + 1}.${signature}`,
      `${name}=${device}x.${at}.${signature}`,
      `${name}=${device}.${at}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      `${name}=a.b.c`,
      `${name}=`,
    ];
    for (const cookieOfStranger of forged)
      expect(problemOf(await login(email, testPassword, from(cookieOfStranger))).code).toBe('account_locked');
    expect((await login(email, testPassword, from(cookie))).status).toBe(200);
  });

  it('limits a known device as well, by itself', async () => {
    const { email, cookie } = await ownerWithDevice();
    const codes = [];
    for (let n = 1; n <= 5; n += 1) codes.push(problemOf(await login(email, `guess ${n}`, from(cookie))).code);
    expect(codes).toEqual([...Array.from({ length: 4 }, () => 'invalid_credentials'), 'too_many_attempts']);
    expect(problemOf(await login(email, testPassword)).code).toBe('account_locked');
  });
});

it('a device is known by a cookie that scripts and other sites cannot reach, and that opens nothing', async () => {
  const { email, cookie, set } = await ownerWithDevice();
  expect(set.find((one) => one.startsWith(cookie))).toMatch(
    /^top_active_device_[0-9a-f]{12}=[\w.-]+; Max-Age=31536000; Path=\/api\/auth; HttpOnly; SameSite=Strict$/,
  );
  expect(cookie).not.toContain(email);
  const refreshed = await post('refresh', {}, { ...from(cookie), origin: fixture.origin });
  expect(problemOf(refreshed).code).toBe('session_expired');
});

describe('a stranger who asks for new passwords', () => {
  it('makes two mails an hour at most, and the code of the newest is good where the owner has asked', async () => {
    const { email, cookie } = await ownerWithDevice();
    const mails = fixture.mails.length;
    const asked = [];
    for (let n = 1; n <= 6; n += 1) asked.push(await post('forgot-password', { email }));
    expect(asked.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 202));
    expect(fixture.mails.length - mails).toBe(2);
    // And uses up the codes that strangers may try.
    const codes = [];
    for (const { body } of asked.slice(0, 3)) {
      const session = String(body?.['session']);
      const wrong = { email, code: '000000', session, password: 'a stranger’s horse 2' };
      codes.push(problemOf(await post('reset-password', wrong)).code);
    }
    expect(codes).toEqual(['invalid_code', 'invalid_code', 'too_many_attempts']);
    const { session } = forgotPasswordResponseSchema.parse(
      (await post('forgot-password', { email }, from(cookie))).body,
    );
    const mine = { email, code: fixture.codeFor(email), session, password: 'another horse 2' };
    expect((await post('reset-password', mine, from(cookie))).status).toBe(204);
  }, 30_000);
});
