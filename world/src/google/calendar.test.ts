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

const day = ['2026-11-24T00:00:00-03:00', '2026-11-25T00:00:00-03:00'] as const;

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
