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

describe('freeBusy', () => {
  it('merges, clips to the range and leaves out transparent and cancelled events', async () => {
    await insert(at('09:00', '10:00'));
    await insert(at('09:30', '11:00'));
    await insert(at('11:00', '11:30'));
    await insert(at('15:00', '16:00'));
    await insert(at('17:00', '18:00', { transparency: 'transparent' }));
    const gone = await insert(at('19:00', '20:00'));
    await api.events.delete({ calendarId: 'primary', eventId: gone.id ?? '' }, google.callOptions);
    expect(await busy('2026-11-24T09:15:00-03:00', '2026-11-24T15:30:00-03:00')).toEqual([
      { start: '2026-11-24T12:15:00Z', end: '2026-11-24T14:30:00Z' },
      { start: '2026-11-24T18:00:00Z', end: '2026-11-24T18:30:00Z' },
    ]);
    expect(await busy('2026-11-24T16:30:00-03:00', '2026-11-24T23:00:00-03:00')).toEqual([]);
  });

  it('counts an all-day event from midnight to midnight of the calendar’s zone, and answers in the asked zone', async () => {
    await insert({ summary: 'Feriado', start: { date: '2026-11-24' }, end: { date: '2026-11-25' } });
    expect(await busy('2026-11-20T00:00:00Z', '2026-11-30T00:00:00Z', 'America/Sao_Paulo')).toEqual([
      { start: '2026-11-24T00:00:00-03:00', end: '2026-11-25T00:00:00-03:00' },
    ]);
  });

  it('knows only the caller’s own calendar', async () => {
    const { data } = await api.freebusy.query(
      { requestBody: { timeMin: day[0], timeMax: day[1], items: [{ id: email }, { id: 'neighbour@example.com' }] } },
      google.callOptions,
    );
    expect(data.calendars?.[email]).toEqual({ busy: [] });
    expect(data.calendars?.['neighbour@example.com']).toEqual({
      errors: [{ domain: 'global', reason: 'notFound' }],
      busy: [],
    });
  });

  it('refuses an empty range, one that is too long and a time without offset', async () => {
    expect(await refusal(busy(day[1], day[0]))).toMatchObject({ status: 400, reason: 'timeRangeEmpty' });
    expect(await refusal(busy('2026-01-01T00:00:00Z', '2026-12-01T00:00:00Z'))).toMatchObject({
      status: 400,
      reason: 'timeRangeTooLong',
    });
    expect(await refusal(busy('2026-11-24T00:00:00', day[1]))).toMatchObject({ status: 400, reason: 'invalid' });
  });
});

describe('scopes and tokens', () => {
  it('lets calendar.freebusy ask for busy times and nothing else', async () => {
    api = await apiFor([freeBusyScope]);
    await expect(busy(...day)).resolves.toEqual([]);
    for (const work of [
      () => list(),
      () => insert(at('09:00', '10:00')),
      () => api.calendarList.list({}, google.callOptions),
    ])
      expect(await refusal(work())).toMatchObject({ status: 403, reason: 'insufficientPermissions' });
  });

  it('does not let calendar.events alone ask for busy times, as at Google', async () => {
    api = await apiFor([eventsScope]);
    await expect(list()).resolves.toMatchObject({ items: [] });
    expect(await refusal(busy(...day))).toMatchObject({ status: 403, reason: 'insufficientPermissions' });
  });

  it('answers 401 to a wrong token and to one whose hour is over', async () => {
    const client = google.oauthClient();
    client.setCredentials({ access_token: 'ya29.wrong', expiry_date: Date.now() + 3600_000 });
    expect(
      await refusal(google.calendar(client).events.list({ calendarId: 'primary' }, google.callOptions)),
    ).toMatchObject({ status: 401, reason: 'authError' });
    google.clock.now += 3600_000;
    expect(await refusal(list())).toMatchObject({ status: 401, reason: 'authError' });
  });

  it('shows no account the calendar of another', async () => {
    const mine = await insert(at('09:00', '10:00'));
    email = `neighbour-${account}@example.com`;
    api = await apiFor([eventsScope]);
    expect((await list()).items).toEqual([]);
    const get = (calendarId: string) =>
      refusal(api.events.get({ calendarId, eventId: mine.id ?? '' }, google.callOptions));
    expect(await get('primary')).toMatchObject({ status: 404 });
    expect(await get(`owner-${account}@example.com`)).toMatchObject({ status: 404 });
  });

  it('lists the primary calendar', async () => {
    api = await apiFor(['https://www.googleapis.com/auth/calendar.readonly']);
    const { data } = await api.calendarList.list({}, google.callOptions);
    expect(data.items).toMatchObject([{ id: email, primary: true, timeZone: 'America/Sao_Paulo' }]);
  });
});
