import { credentialsResponseSchema, googleConnectResponseSchema } from '@top-active/core/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClients } from '@top-active/aws';
import { openCalendar } from '@top-active/lambdas/google/calendar';
import { createGoogleOAuth } from '@top-active/lambdas/google/google-oauth';
import { googleEnvSchema, googleSettings } from '@top-active/lambdas/google/google-settings';
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

function calendar() {
  const env = googleEnvSchema.parse(process.env);
  const oauth = createGoogleOAuth(googleSettings(createClients(), env));
  return openCalendar({ tenant: user.tenant, oauth, apiRoot: env.GOOGLE_API_ROOT });
}

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

  it('is of use without the permission to write, and of none without free/busy', async () => {
    expect(await connect(calendarScopes.slice(0, 1))).toBe('/?google=connected');
    expect((await calendar()).canBook).toBe(false);
    await user.api.request('/api/google', { method: 'DELETE' });
    expect(await connect(calendarScopes.slice(1))).toBe('/?google=denied');
    expect(await credentials()).toEqual([]);
  });
});

describe('disconnecting Google', () => {
  it('revokes the consent and forgets it, also twice', async () => {
    await connect();
    const open = await calendar();
    for (const _ of [1, 2]) await user.api.request('/api/google', { method: 'DELETE' });
    expect(await credentials()).toEqual([]);
    expect(
      fixture.google.log().calls.filter(({ operation, account }) => operation === 'oauth2.revoke' && account === email),
    ).toHaveLength(1);
    await expect(open.busy(span)).rejects.toMatchObject({ code: 'google_not_connected' });
  });
});

const span = { start: '2026-12-01T12:00:00.000Z', end: '2026-12-01T20:00:00.000Z' };
const appointment = {
  title: 'Limpeza de pele, Marina',
  start: '2026-12-01T13:00:00.000Z',
  end: '2026-12-01T14:00:00.000Z',
  timeZone: 'America/Sao_Paulo',
};
const booking = { eventId: 'ta0123456789abcdef', appointment, description: 'WhatsApp: Marina' };

describe('the calendar', () => {
  beforeEach(async () => {
    await connect();
  });
  it('tells when it is busy, in UTC, and never why', async () => {
    fixture.google.addEvent(email, {
      summary: 'Dentist',
      start: { dateTime: '2026-12-01T10:00:00-03:00' },
      end: { dateTime: '2026-12-01T11:00:00-03:00' },
    });
    expect(await (await calendar()).busy(span)).toEqual([
      { start: '2026-12-01T13:00:00.000Z', end: '2026-12-01T14:00:00.000Z' },
    ]);
  });

  it('takes a booking once, however often it is tried', async () => {
    const open = await calendar();
    const first = await open.book(booking);
    expect(first?.eventUrl).toMatch(/^http/);
    expect(await open.book(booking)).toEqual(first);
    expect(await open.find(booking.eventId)).toEqual(first);
    expect(fixture.google.events(email)).toMatchObject([
      { id: booking.eventId, summary: appointment.title, description: 'WhatsApp: Marina' },
    ]);
  });

  it('knows no event that was never booked', async () => {
    expect(await (await calendar()).find('ta00000000')).toBeUndefined();
  });

  it.each(['rate_limit_403', 'rate_limit_429', 'server_error', 'unavailable'] as const)(
    'is asked again after %s, a few times',
    async (kind) => {
      const open = await calendar();
      fixture.google.clearLog();
      fixture.google.setFaults([{ kind, times: 2, operation: 'calendar.events.insert', account: undefined }]);
      expect((await open.book(booking))?.eventUrl).toMatch(/^http/);
      expect(fixture.google.log().counts['calendar.events.insert']).toBe(3);
      fixture.google.setFaults([{ kind, times: 100, operation: 'calendar.', account: undefined }]);
      await expect(open.busy(span)).rejects.toMatchObject({ code: 'google_unreachable' });
      expect(fixture.google.faults()[0]?.times).toBe(97);
    },
  );

  it('that the owner withdrew is noted at once, told to the owner, and not asked again', async () => {
    const open = await calendar();
    fixture.google.expireGrant(email);
    fixture.google.clearLog();
    const before = await user.tenant.events.last();
    await expect(open.busy(span)).rejects.toMatchObject({ code: 'google_not_connected' });
    expect(fixture.google.log().calls.filter(({ operation }) => operation.startsWith('oauth2.token'))).toHaveLength(1);
    expect((await credentials())[0]?.state).toBe('invalid');
    expect((await user.tenant.events.after(before)).items).toMatchObject([{ type: 'credentials.updated' }]);
    await expect(calendar()).rejects.toMatchObject({ code: 'google_not_connected' });
    expect(await connect()).toBe('/?google=connected');
    expect(await (await calendar()).busy(span)).toEqual([]);
  });

  it('without the permission to write says so', async () => {
    await user.api.request('/api/google', { method: 'DELETE' });
    await connect(calendarScopes.slice(0, 1));
    await expect((await calendar()).book(booking)).rejects.toMatchObject({ code: 'google_permission_missing' });
    expect(fixture.google.events(email)).toEqual([]);
  });
});
