import type { calendar_v3 } from '@googleapis/calendar';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventsScope, freeBusyScope, startGoogle, type GoogleFixture } from './google-fixture.ts';
import { at, refusal } from './calendar-fixture.ts';

let google: GoogleFixture;
let api: calendar_v3.Calendar;
let email: string;
let account = 0;

beforeAll(async () => {
  google = await startGoogle();
});
afterAll(() => google.close());

beforeEach(async () => {
  email = `owner-${++account}@example.com`;
  api = await apiFor([freeBusyScope, eventsScope]);
});

async function apiFor(scopes: string[]): Promise<calendar_v3.Calendar> {
  const client = google.oauthClient();
  const tokens = await google.connect({ client, scopes, email, parameters: { include_granted_scopes: undefined } });
  // The world's clock is not the client's: keep it from refreshing a token that it takes for expired.
  client.setCredentials({ ...tokens, expiry_date: Date.now() + 3600_000 });
  return google.calendar(client);
}

async function insert(requestBody: calendar_v3.Schema$Event): Promise<calendar_v3.Schema$Event> {
  return (await api.events.insert({ calendarId: 'primary', requestBody }, google.callOptions)).data;
}

async function list(params: calendar_v3.Params$Resource$Events$List = {}): Promise<calendar_v3.Schema$Events> {
  return (await api.events.list({ calendarId: 'primary', ...params }, google.callOptions)).data;
}

async function busy(timeMin: string, timeMax: string, timeZone?: string): Promise<unknown> {
  const requestBody = { timeMin, timeMax, items: [{ id: 'primary' }], ...(timeZone && { timeZone }) };
  return (await api.freebusy.query({ requestBody }, google.callOptions)).data.calendars?.primary?.busy;
}

const day = ['2026-11-24T00:00:00-03:00', '2026-11-25T00:00:00-03:00'] as const;

describe('faults and control', () => {
  it.each([
    ['unauthorized', 401, 'authError'],
    ['rate_limit_403', 403, 'rateLimitExceeded'],
    ['rate_limit_429', 429, 'rateLimitExceeded'],
    ['server_error', 500, 'backendError'],
    ['unavailable', 503, 'backendError'],
  ])('strikes the next calls with %s, then stops', async (kind, status, reason) => {
    await google.control('PUT', '/faults', { faults: [{ kind, times: 2, account: email }] });
    expect(await refusal(list())).toMatchObject({ status, reason });
    expect(await refusal(busy(...day))).toMatchObject({ status, reason });
    await expect(list()).resolves.toMatchObject({ items: [] });
  });

  it('hangs until the client gives up', async () => {
    await google.control('PUT', '/faults', { faults: [{ kind: 'timeout', account: email }] });
    const given = api.events.list({ calendarId: 'primary' }, { ...google.callOptions, timeout: 100 });
    await expect(given).rejects.toThrow(/abort|timeout/i);
    await expect(list()).resolves.toMatchObject({ items: [] });
  });

  it('can strike the token endpoint alone', async () => {
    await google.control('PUT', '/faults', { faults: [{ kind: 'server_error', operation: 'oauth2.token' }] });
    await expect(list()).resolves.toBeDefined();
    const answer = await fetch(`${google.origin}/google/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token' }),
    });
    expect(answer.status).toBe(500);
  });

  it('seeds busy times and shows an account’s events', async () => {
    const seeded = await google.control('POST', `/accounts/${email}/events`, at('09:00', '10:00'));
    expect(seeded.status).toBe(201);
    const { body } = await google.control('GET', `/accounts/${email}/events`);
    expect(body).toEqual({ events: [seeded.body] });
    expect(seeded.body).toMatchObject({ summary: 'Consulta' });
    expect(await busy(...day)).toHaveLength(1);
    expect((await google.control('POST', '/accounts/nobody@example.com/events', at('09:00', '10:00'))).status).toBe(
      404,
    );
    expect((await google.control('POST', `/accounts/${email}/events`, { summary: 'ohne Zeit' })).status).toBe(400);
  });

  it('counts calls without keeping a token or a title', async () => {
    await google.control('DELETE', '/log');
    await insert(at('09:00', '10:00', { summary: 'Segredo' }));
    await refusal(list({ orderBy: 'startTime' }));
    const { body } = await google.control('GET', '/log');
    expect(body).toMatchObject({
      counts: { 'calendar.events.insert': 1, 'calendar.events.list': 1 },
      calls: [{ operation: 'calendar.events.insert', account: email, status: 200 }, { status: 400 }],
    });
    expect(JSON.stringify(body)).not.toMatch(/Segredo|ya29/);
  });

  it('says which field of a control request is wrong', async () => {
    const { status, body } = await google.control('POST', '/accounts', {
      email: 'maria@example.com',
      timeZone: 'Mars/Base',
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ problems: [{ path: 'timeZone' }] });
  });
});
