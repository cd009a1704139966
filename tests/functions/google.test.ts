import { credentialsResponseSchema, googleConnectResponseSchema } from '@top-active/core/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calendarScopes, startLambdasFixture, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
let user: TestUser;
let email: string;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  user = await fixture.newUser();
  email = `calendar-of-${user.email}`;
  fixture.google.ensureAccount({ email, timeZone: 'America/Sao_Paulo' });
  fixture.google.setFaults([]);
});

interface Consent {
  url: string;
  /** The browser's cookie. */
  cookie: string;
  setCookie: string;
}

async function begin(): Promise<Consent> {
  const response = await fetch(`${fixture.origin}/api/google/connect`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user.api.accessToken}` },
  });
  const [setCookie = ''] = response.headers.getSetCookie();
  return {
    url: googleConnectResponseSchema.parse(await response.json()).url,
    setCookie,
    cookie: setCookie.split(';')[0] ?? '',
  };
}

/** The person decides on Google's page; answers where Google sends the browser. */
async function decide({ url }: Consent, decision: 'allow' | 'deny', scopes = calendarScopes): Promise<string> {
  const form = new FormData();
  form.set('decision', decision);
  form.set('account', email);
  for (const scope of scopes) form.append('scope', scope);
  const response = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
  return response.headers.get('location') ?? '';
}

/** The browser follows; answers where it ends up. */
async function follow(location: string, cookie: string): Promise<string> {
  const response = await fetch(location, { redirect: 'manual', headers: { cookie } });
  expect(response.status).toBe(302);
  return (response.headers.get('location') ?? '').replace(fixture.origin, '');
}

async function connect(scopes = calendarScopes): Promise<string> {
  const consent = await begin();
  return follow(await decide(consent, 'allow', scopes), consent.cookie);
}

const credentials = async () =>
  (await user.api.request('/api/credentials', { answer: credentialsResponseSchema })).items;

describe('connecting Google', () => {
  it('stores what was granted, for the account that granted it', async () => {
    expect(await connect()).toBe('/?google=connected');
    const [credential] = await credentials();
    expect(credential).toMatchObject({ provider: 'google', hint: email, state: 'valid', simulated: true });
    expect(credential?.scopes).toEqual(expect.arrayContaining(calendarScopes));
  });

  it('asks Google with PKCE, for offline access, in a browser bound by a cookie', async () => {
    const { url, setCookie } = await begin();
    const { searchParams } = new URL(url);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      access_type: 'offline',
      prompt: 'consent',
      code_challenge_method: 'S256',
      redirect_uri: `${fixture.origin}/api/google/callback`,
      scope: `openid email ${calendarScopes.join(' ')}`,
    });
    expect(searchParams.get('state')).toMatch(new RegExp(`^${user.userId}\\.[\\w-]{43}$`));
    expect(setCookie).toMatch(/^top_active_google=[\w-]{43}; Max-Age=600; Path=\/api\/google; HttpOnly; SameSite=Lax$/);
  });

  it('stores nothing when the person says no', async () => {
    const consent = await begin();
    expect(await follow(await decide(consent, 'deny'), consent.cookie)).toBe('/?google=denied');
    expect(await credentials()).toEqual([]);
  });

  it('stores nothing for a state that was used before', async () => {
    const consent = await begin();
    const location = await decide(consent, 'allow');
    expect(await follow(location, consent.cookie)).toBe('/?google=connected');
    await user.api.request('/api/google', { method: 'DELETE' });
    expect(await follow(location, consent.cookie)).toBe('/?google=invalid_state');
    expect(await credentials()).toEqual([]);
  });

  it('uses a state up when the person says no', async () => {
    const consent = await begin();
    await follow(await decide(consent, 'deny'), consent.cookie);
    expect(await follow(await decide(consent, 'allow'), consent.cookie)).toBe('/?google=invalid_state');
  });

  it.each([
    ['without the cookie', ''],
    ['with the cookie of another browser', `top_active_google=${'x'.repeat(43)}`],
  ])('stores nothing in a browser %s', async (_, cookie) => {
    const consent = await begin();
    expect(await follow(await decide(consent, 'allow'), cookie)).toBe('/?google=invalid_state');
    expect(await credentials()).toEqual([]);
  });

  it('stores nothing for a code that Google does not know', async () => {
    const consent = await begin();
    const location = new URL(await decide(consent, 'allow'));
    location.searchParams.set('code', 'made-up');
    expect(await follow(location.href, consent.cookie)).toBe('/?google=failed');
    expect(await credentials()).toEqual([]);
  });

  it('stores nothing for a state of another user, or none at all', async () => {
    const other = await fixture.newUser();
    const consent = await begin();
    const location = new URL(await decide(consent, 'allow'));
    location.searchParams.set('state', (location.searchParams.get('state') ?? '').replace(user.userId, other.userId));
    expect(await follow(location.href, consent.cookie)).toBe('/?google=invalid_state');
    expect(await follow(`${fixture.origin}/api/google/callback?code=1`, consent.cookie)).toBe('/?google=invalid_state');
    expect(await other.tenant.credentials.list()).toEqual([]);
  });

  it('is kept without the permission to write, and not without free/busy', async () => {
    expect(await connect(calendarScopes.slice(0, 1))).toBe('/?google=connected');
    const [kept] = await credentials();
    expect(kept?.state).toBe('valid');
    expect(kept?.scopes).not.toContain(calendarScopes[1]);
    await user.api.request('/api/google', { method: 'DELETE' });
    expect(await connect(calendarScopes.slice(1))).toBe('/?google=denied');
    expect(await credentials()).toEqual([]);
  });
});

describe('disconnecting Google', () => {
  it('revokes the consent and forgets it, also twice', async () => {
    await connect();
    for (const _ of [1, 2]) await user.api.request('/api/google', { method: 'DELETE' });
    expect(await credentials()).toEqual([]);
    expect(
      fixture.google.log().calls.filter(({ operation, account }) => operation === 'oauth2.revoke' && account === email),
    ).toHaveLength(1);
  });
});
