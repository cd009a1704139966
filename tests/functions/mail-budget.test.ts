import { afterAll, beforeAll, expect, it } from 'vitest';
import { askAuth, headersFromNewAddress, problemOf } from '../support/auth-requests.ts';
import { startLambdasFixture, testPassword, type LambdasFixture } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
beforeAll(async () => {
  fixture = await startLambdasFixture({ cognitoMails: true });
});
afterAll(() => fixture.close());

const post = (path: string, body: object) =>
  askAuth(`${fixture.origin}/api/auth/${path}`, { body, headers: headersFromNewAddress() });
const register = (email: string) =>
  post('register', { email, password: testPassword, name: 'Ana Souza', locale: 'pt-BR' });

it('fifty e-mails of a stranger shut registration for the day: people are told, and so is the operator', async () => {
  const user = await fixture.newUser();
  const registered = await Promise.all(Array.from({ length: 49 }, () => register(fixture.newEmail())));
  expect(registered.filter(({ status }) => status !== 202)).toEqual([]);
  const mails = fixture.mails.length;
  expect(mails).toBe(50);
  // The first for whom it fails has an account, so it must look as for somebody without.
  expect((await post('forgot-password', { email: user.email })).status).toBe(202);
  for (const email of [user.email, 'nobody@example.com']) {
    const refused = await post('forgot-password', { email });
    expect(problemOf(refused)).toMatchObject({ status: 503, code: 'mail_unavailable', retryAfter: 3600 });
  }
  for (const email of [user.email, fixture.newEmail()])
    expect(problemOf(await register(email))).toMatchObject({ status: 503, code: 'mail_unavailable' });
  expect(fixture.mails).toHaveLength(mails);
  const told = fixture.logs.filter(({ line }) => line.includes('MailBudgetSpent'));
  expect(told).toHaveLength(1);
  expect(fixture.logs.some(({ line }) => line.includes('the daily budget of the user pool is spent'))).toBe(true);
  expect((await post('login', { email: user.email, password: testPassword })).status).toBe(200);
}, 90_000);
