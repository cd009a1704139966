import { gaxios } from 'google-auth-library';
import type { calendar_v3 } from '@googleapis/calendar';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventsScope, freeBusyScope, startGoogle, type GoogleFixture } from './google-fixture.ts';

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

const at = (start: string, end: string, more: calendar_v3.Schema$Event = {}): calendar_v3.Schema$Event => ({
  summary: 'Consulta',
  start: { dateTime: `2026-11-24T${start}:00-03:00` },
  end: { dateTime: `2026-11-24T${end}:00-03:00` },
  ...more,
});

async function insert(requestBody: calendar_v3.Schema$Event): Promise<calendar_v3.Schema$Event> {
  return (await api.events.insert({ calendarId: 'primary', requestBody }, google.callOptions)).data;
}

async function list(params: calendar_v3.Params$Resource$Events$List = {}): Promise<calendar_v3.Schema$Events> {
  return (await api.events.list({ calendarId: 'primary', ...params }, google.callOptions)).data;
}

async function refusal(
  work: Promise<unknown>,
): Promise<{ status: number | undefined; reason: string; message: string }> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof gaxios.GaxiosError)) throw error;
    const { errors, message } = error.response?.data.error ?? {};
    return { status: error.status, reason: errors?.[0]?.reason, message };
  }
  throw new Error('The call went through.');
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

describe('events', () => {
  it('keeps what was written, in the calendar’s zone, with a link to a page that shows it', async () => {
    const event = await insert(
      at('14:00', '15:00', { description: 'Primeira vez', extendedProperties: { private: { chat: 'c1' } } }),
    );
    expect(event).toMatchObject({
      kind: 'calendar#event',
      status: 'confirmed',
      start: { dateTime: '2026-11-24T14:00:00-03:00', timeZone: 'America/Sao_Paulo' },
      organizer: { email, self: true },
      iCalUID: `${event.id}@google.com`,
    });
    const page = await (await fetch(event.htmlLink ?? '', { headers: { 'accept-language': 'pt-BR' } })).text();
    expect(page).toContain('Google Agenda simulado');
    expect(page).toContain('Consulta');
    expect(page).toMatch(/14:00\s+–\s+15:00/);
    expect((await list({ privateExtendedProperty: ['chat=c1'] })).items).toHaveLength(1);
    expect((await list({ privateExtendedProperty: ['chat=c2'] })).items).toEqual([]);
  });

  it('resolves local times in the zone given beside them, across the change to summer time', async () => {
    const timeZone = 'America/New_York';
    const event = await insert({
      start: { dateTime: '2026-03-08T01:30:00', timeZone },
      end: { dateTime: '2026-03-08T03:30:00', timeZone },
    });
    expect(event.start?.dateTime).toBe('2026-03-08T03:30:00-03:00');
    expect(event.end?.dateTime).toBe('2026-03-08T04:30:00-03:00');
  });

  it('takes an id of the caller’s, once and for all', async () => {
    const id = 'sug01hgp4v7k0000';
    await insert(at('14:00', '15:00', { id }));
    expect(await refusal(insert(at('16:00', '17:00', { id })))).toMatchObject({ status: 409, reason: 'duplicate' });
    await api.events.delete({ calendarId: 'primary', eventId: id }, google.callOptions);
    expect(await refusal(insert(at('14:00', '15:00', { id })))).toMatchObject({ status: 409, reason: 'duplicate' });
    for (const bad of ['with-dash', 'UPPER1', 'zzzzz', 'abc'])
      expect(await refusal(insert(at('14:00', '15:00', { id: bad })))).toMatchObject({
        status: 400,
        reason: 'invalid',
      });
  });

  it.each([
    ['no end', { end: {} }, 'required'],
    ['an end before the start', { end: { dateTime: '2026-11-24T08:00:00-03:00' } }, 'timeRangeEmpty'],
    ['a local time without zone', { start: { dateTime: '2026-11-24T09:00:00' } }, 'required'],
    ['a zone that does not exist', { start: { dateTime: '2026-11-24T09:00:00', timeZone: 'Mars/Base' } }, 'invalid'],
    ['a date beside a time', { start: { date: '2026-11-24' } }, 'invalid'],
    ['recurrence, which is not simulated', { recurrence: ['RRULE:FREQ=DAILY'] }, 'invalid'],
  ])('refuses an event with %s', async (_, wrong, reason) => {
    expect(await refusal(insert(at('09:00', '10:00', wrong)))).toMatchObject({
      status: 400,
      reason,
    });
  });

  it('patches only what is named, removes what is null, and changes the ETag', async () => {
    const event = await insert(
      at('14:00', '15:00', { description: 'antes', extendedProperties: { private: { chat: 'c1' } } }),
    );
    const { data } = await api.events.patch(
      {
        calendarId: 'primary',
        eventId: event.id ?? '',
        requestBody: { description: null, location: 'Sala 2', extendedProperties: { private: { customer: 'x' } } },
      },
      google.callOptions,
    );
    expect(data).toMatchObject({
      summary: 'Consulta',
      location: 'Sala 2',
      extendedProperties: { private: { chat: 'c1', customer: 'x' } },
    });
    expect(data).not.toHaveProperty('description');
    expect(data.etag).not.toBe(event.etag);
  });

  it('writes only over the version that the caller has seen', async () => {
    const { id, etag } = await insert(at('14:00', '15:00'));
    const eventId = id ?? '';
    const conditional = { ...google.callOptions, headers: { 'If-Match': etag ?? '' } };
    await api.events.patch({ calendarId: 'primary', eventId, requestBody: { summary: 'Um' } }, conditional);
    expect(
      await refusal(
        api.events.patch({ calendarId: 'primary', eventId, requestBody: { summary: 'Dois' } }, conditional),
      ),
    ).toMatchObject({ status: 412, reason: 'conditionNotMet' });
    expect(await refusal(api.events.delete({ calendarId: 'primary', eventId }, conditional))).toMatchObject({
      status: 412,
    });
    expect((await api.events.get({ calendarId: 'primary', eventId }, google.callOptions)).data.summary).toBe('Um');
  });

  it('keeps a deleted event as cancelled, and says so on a second delete', async () => {
    const { id } = await insert(at('14:00', '15:00'));
    const eventId = id ?? '';
    await api.events.delete({ calendarId: 'primary', eventId }, google.callOptions);
    expect((await list()).items).toEqual([]);
    expect((await list({ showDeleted: true })).items).toMatchObject([{ id: eventId, status: 'cancelled' }]);
    expect((await api.events.get({ calendarId: 'primary', eventId }, google.callOptions)).data.status).toBe(
      'cancelled',
    );
    expect(await refusal(api.events.delete({ calendarId: 'primary', eventId }, google.callOptions))).toMatchObject({
      status: 410,
      reason: 'deleted',
    });
    expect(
      await refusal(api.events.get({ calendarId: 'primary', eventId: 'neverwas' }, google.callOptions)),
    ).toMatchObject({ status: 404, reason: 'notFound' });
  });

  it('survives a restart', async () => {
    const { id } = await insert(at('14:00', '15:00'));
    await google.restart();
    expect((await list()).items).toMatchObject([{ id }]);
  });
});

describe('lists', () => {
  it('cuts by time, orders by start and pages', async () => {
    for (const hour of ['11', '09', '10', '08']) await insert(at(`${hour}:00`, `${hour}:30`, { summary: hour }));
    const params = {
      timeMin: '2026-11-24T08:30:00-03:00',
      timeMax: day[1],
      singleEvents: true,
      orderBy: 'startTime',
      maxResults: 2,
    };
    const first = await list(params);
    expect(first.items?.map(({ summary }) => summary)).toEqual(['09', '10']);
    expect(first.nextSyncToken).toBeUndefined();
    const second = await list({ ...params, ...(first.nextPageToken && { pageToken: first.nextPageToken }) });
    expect(second.items?.map(({ summary }) => summary)).toEqual(['11']);
    expect(second.nextPageToken).toBeUndefined();
    expect(await refusal(list({ orderBy: 'startTime' }))).toMatchObject({ status: 400 });
    expect(await refusal(list({ pageToken: 'made-up' }))).toMatchObject({ status: 400, reason: 'invalid' });
  });

  it('tells by sync token what was made, changed and deleted since, between two pages too', async () => {
    const [one, two, three] = [
      await insert(at('09:00', '10:00')),
      await insert(at('10:00', '11:00')),
      await insert(at('11:00', '12:00')),
    ];
    const firstPage = await list({ maxResults: 1 });
    // Whichever event the first page showed: it changes while the list is still being read.
    const shown = firstPage.items?.[0]?.id ?? '';
    await api.events.patch(
      { calendarId: 'primary', eventId: shown, requestBody: { summary: 'Mudou' } },
      google.callOptions,
    );
    const lastPage = await list({ pageToken: firstPage.nextPageToken ?? '' });
    expect(lastPage.items).toHaveLength(2);

    const syncToken = lastPage.nextSyncToken ?? '';
    const between = await list({ syncToken });
    expect(between.items).toMatchObject([{ id: shown, summary: 'Mudou' }]);
    const eventId = [one, two, three].map(({ id }) => id ?? '').find((id) => id !== shown) ?? '';
    await api.events.delete({ calendarId: 'primary', eventId }, google.callOptions);
    const after = await list({ syncToken: between.nextSyncToken ?? '' });
    expect(after.items).toEqual([
      { kind: 'calendar#event', etag: expect.any(String), id: eventId, status: 'cancelled' },
    ]);
    expect((await list({ syncToken: after.nextSyncToken ?? '' })).items).toEqual([]);
    expect(await refusal(list({ syncToken, timeMin: day[0] }))).toMatchObject({ status: 400 });
  });

  it('answers 410 fullSyncRequired once the sync tokens of the account are expired', async () => {
    const { nextSyncToken } = await list();
    await google.control('POST', '/expire-sync-token', { email });
    expect(await refusal(list({ syncToken: nextSyncToken ?? '' }))).toMatchObject({
      status: 410,
      reason: 'fullSyncRequired',
    });
    expect((await list()).nextSyncToken).toBeDefined();
  });
});

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
