import { authenticatorKeySchema, meSchema } from '@top-active/core/contracts';
import { totpCode } from '@top-active/cloud/cognito/totp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askPool } from '../support/at-the-pool.ts';
import { askAuth, headersFromNewAddress, problemOf } from '../support/auth-requests.ts';
import { startLambdasFixture, testPassword, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';
import { clientSecretsOf, openLoginsOf, readStored } from '../support/stored.ts';
import { claimsOf } from '../support/tokens.ts';

let fixture: LambdasFixture;
let ana: TestUser;
beforeAll(async () => {
  fixture = await startLambdasFixture();
  ana = await fixture.newUser();
});
afterAll(() => fixture.close());

const login = (email: string) =>
  askAuth(`${fixture.origin}/api/auth/login`, {
    body: { email, password: testPassword },
    headers: headersFromNewAddress(),
  });

/** The user pool as it is stored, before and after. */
async function changingNothing<T>(work: () => Promise<T>): Promise<T> {
  const [before, mails] = [readStored(fixture.dir, 'cognito'), fixture.mails.length];
  const done = await work();
  expect(readStored(fixture.dir, 'cognito')).toEqual(before);
  expect(fixture.mails).toHaveLength(mails);
  return done;
}

// As a client of Amplify would: with the id of the app client, which stands in every access token.
describe('the user pool, asked past our routes', () => {
  const asAnybody: [operation: string, input: (email: string) => object][] = [
    [
      'SignUp',
      () => ({
        Username: '6f9e2d0c-0000-4000-8000-000000000000',
        Password: testPassword,
        UserAttributes: [{ Name: 'email', Value: 'stranger@example.com' }],
      }),
    ],
    ['ConfirmSignUp', (Username) => ({ Username, ConfirmationCode: '123456' })],
    ['ResendConfirmationCode', (Username) => ({ Username })],
    ['ForgotPassword', (Username) => ({ Username })],
    [
      'ConfirmForgotPassword',
      (Username) => ({ Username, ConfirmationCode: '123456', Password: 'a stranger’s horse 2' }),
    ],
    [
      'InitiateAuth',
      (USERNAME) => ({ AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD: testPassword } }),
    ],
    ['InitiateAuth', (USERNAME) => ({ AuthFlow: 'USER_AUTH', AuthParameters: { USERNAME } })],
    ['GetTokensFromRefreshToken', () => ({ RefreshToken: 'a.b.c' })],
    ['RevokeToken', () => ({ Token: 'a.b.c' })],
  ];

  it.each(asAnybody)('refuses %s to who has no secret, known address or not, and changes nothing', async (...the) => {
    const [operation, input] = the;
    for (const ClientId of [fixture.cloud.pool.clientId, fixture.cloud.presenceClientId])
      await changingNothing(async () => {
        const [known, unknown] = [
          await askPool(fixture.cloud, operation, { ClientId, ...input(ana.email) }),
          await askPool(fixture.cloud, operation, { ClientId, ...input('nobody@example.com') }),
        ];
        expect(known.refused).toMatch(/NotAuthorizedException|UnauthorizedException|InvalidParameterException/);
        expect({ ...unknown }).toEqual(known);
      });
    expect((await login(ana.email)).status).toBe(200);
  });

  it.each<[operation: string, input: object]>([
    ['GetUser', {}],
    ['AssociateSoftwareToken', {}],
    ['VerifySoftwareToken', { UserCode: '123456' }],
    ['SetUserMFAPreference', { SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } }],
    ['ChangePassword', { PreviousPassword: testPassword, ProposedPassword: 'a stranger’s horse 2' }],
    ['DeleteUser', {}],
    ['GlobalSignOut', {}],
  ])('refuses %s to who holds an access token of a browser, from a login or a refresh', async (operation, input) => {
    const { cookies, body } = await login(ana.email);
    const refreshCookie = cookies.find((one) => one.startsWith('top_active_refresh='));
    const cookie = (refreshCookie ?? '').split(';')[0] ?? '';
    const refreshed = await askAuth(`${fixture.origin}/api/auth/refresh`, {
      body: {},
      headers: { ...headersFromNewAddress(), cookie, origin: fixture.origin },
    });
    await changingNothing(async () => {
      for (const AccessToken of [ana.api.accessToken, body?.['accessToken'], refreshed.body?.['accessToken']])
        expect(await askPool(fixture.cloud, operation, { AccessToken, ...input })).toMatchObject({
          refused: 'NotAuthorizedException',
          message: 'Access Token does not have required scopes',
        });
    });
    await ana.api.request('/api/me', { answer: meSchema });
  });

  it('gives tokens that say nothing of it', () => {
    expect(claimsOf(ana.api.accessToken ?? '')).not.toHaveProperty('scope');
  });
});

describe('the login that sets up a second factor', () => {
  it('leaves nothing behind: no token of it is good, and none has left', async () => {
    const user = await fixture.newUser();
    const headers = { ...headersFromNewAddress(), authorization: `Bearer ${user.api.accessToken}` };
    const begun = await askAuth(`${fixture.origin}/api/me/second-factor`, {
      body: { password: testPassword },
      headers,
    });
    expect(begun.cookies).toEqual([]);
    expect(Object.keys(begun.body ?? {}).toSorted()).toEqual(['secret', 'uri']);
    const { secret } = authenticatorKeySchema.parse(begun.body);
    const code = totpCode(secret, Date.now());
    const confirmed = await askAuth(`${fixture.origin}/api/me/second-factor/confirm`, {
      body: { password: testPassword, code },
      headers,
    });
    expect(confirmed).toMatchObject({ status: 204, cookies: [], body: undefined });
    expect(openLoginsOf(fixture.dir, user.userId)).toEqual([fixture.cloud.pool.clientId]);
  });
});

describe('a client secret', () => {
  it('that the pool refuses is our fault: no login is blamed on the person', async () => {
    const refusal = { code: 'NotAuthorizedException', message: 'Unable to verify secret hash for client web' };
    // One that was replaced meanwhile is read anew, and nobody notices.
    fixture.cloud.failIdentity({ operation: 'InitiateAuth', ...refusal });
    expect((await login(ana.email)).status).toBe(200);
    fixture.cloud.failIdentity({ operation: 'InitiateAuth', ...refusal, times: 2 });
    expect(problemOf(await login(ana.email))).toMatchObject({ status: 500, code: 'internal' });
    expect((await login(ana.email)).status).toBe(200);
  });

  it('stands in no template, no variable and no log', async () => {
    const secrets = clientSecretsOf(fixture.dir);
    expect(secrets).toHaveLength(2);
    const everything = JSON.stringify([
      fixture.cloud.deployment.workloads.map(({ environment }) => environment),
      fixture.logs,
    ]);
    for (const secret of secrets) expect(everything).not.toContain(secret);
  });
});
