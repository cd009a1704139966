import { Hono, type Context } from 'hono';
import type { StoredAccount } from './accounts.ts';
import { createGuard, type CalendarEnv, type GuardParts } from './calendar-guard.ts';
import { checkEventId, parseEventFields } from './event-fields.ts';
import { listEvents } from './event-list.ts';
import { etagOf, eventResource, listedResource } from './event-resource.ts';
import type { EventStore, StoredEvent } from './event-store.ts';
import { queryFreeBusy } from './free-busy.ts';
import { GoogleError, invalid, notFound, preconditionFailed, sendGoogleError } from './google-error.ts';

type CalendarContext = Context<CalendarEnv>;

/** Calendar API v3 under `/calendar/v3`: the primary calendar of each account. */
export function calendarRoutes({ store, ...parts }: GuardParts & { store: EventStore }): Hono<CalendarEnv> {
  const app = new Hono<CalendarEnv>().basePath('/calendar/v3');
  const guard = createGuard(parts);

  app.onError((error, c) => {
    if (error instanceof GoogleError) return sendGoogleError(c, error);
    throw error;
  });

  app.post('/freeBusy', guard('calendar.freebusy.query'), async (c) =>
    c.json(queryFreeBusy({ store, account: c.var.account, body: await readBody(c) })),
  );

  app.get('/users/me/calendarList', guard('calendar.calendarList.list'), (c) =>
    c.json({ kind: 'calendar#calendarList', etag: '"simulated"', items: [calendarListEntry(c.var.account)] }),
  );

  app.get('/calendars/:calendarId', guard('calendar.calendars.get'), (c) => {
    const { email, timeZone } = ownCalendar(c);
    return c.json({ kind: 'calendar#calendar', etag: '"simulated"', id: email, summary: email, timeZone });
  });

  app.get('/calendars/:calendarId/events', guard('calendar.events.list'), (c) => {
    const account = ownCalendar(c);
    const page = listEvents({ store, account, query: new URL(c.req.url).searchParams });
    const pageUrl = pageUrlOf(c, account);
    return c.json({
      kind: 'calendar#events',
      etag: `"${store.newestChange()}"`,
      summary: account.email,
      timeZone: page.timeZone ?? account.timeZone,
      accessRole: 'owner',
      defaultReminders: [{ method: 'popup', minutes: 10 }],
      items: page.events.map((event) => listedResource({ account, event, timeZone: page.timeZone, pageUrl })),
      ...(page.nextPageToken && { nextPageToken: page.nextPageToken }),
      ...(page.nextSyncToken && { nextSyncToken: page.nextSyncToken }),
    });
  });

  app.post('/calendars/:calendarId/events', guard('calendar.events.insert'), async (c) => {
    const account = ownCalendar(c);
    const fields = parseEventFields(await readBody(c));
    if (fields.id) checkEventId(fields.id);
    return sendEvent(c, store.insert(account, fields));
  });

  app.get('/calendars/:calendarId/events/:eventId', guard('calendar.events.get'), (c) => {
    const event = ownEvent(c);
    if (c.req.header('if-none-match') === etagOf(event)) return c.body(null, 304);
    return sendEvent(c, event);
  });

  app.patch('/calendars/:calendarId/events/:eventId', guard('calendar.events.patch'), (c) => write(c, true));
  app.put('/calendars/:calendarId/events/:eventId', guard('calendar.events.update'), (c) => write(c, false));

  app.delete('/calendars/:calendarId/events/:eventId', guard('calendar.events.delete'), (c) => {
    const event = ownEvent(c);
    if (event.status === 'cancelled')
      throw new GoogleError({ code: 410, reason: 'deleted', message: 'Resource has been deleted' });
    checkPrecondition(c, event);
    store.cancel(c.var.account, event);
    return c.body(null, 204);
  });

  async function write(c: CalendarContext, patch: boolean): Promise<Response> {
    const fields = parseEventFields(await readBody(c));
    const event = ownEvent(c);
    checkPrecondition(c, event);
    return sendEvent(c, store.write(c.var.account, { event, fields, patch }));
  }

  function ownEvent(c: CalendarContext): StoredEvent {
    const event = store.find(ownCalendar(c), c.req.param('eventId') ?? '');
    if (!event) throw notFound();
    return event;
  }

  return app;
}

/** Only the primary calendar exists, under either of its names. */
function ownCalendar(c: CalendarContext): StoredAccount {
  const id = c.req.param('calendarId')?.toLowerCase();
  if (id !== 'primary' && id !== c.var.account.email) throw notFound();
  return c.var.account;
}

function sendEvent(c: CalendarContext, event: StoredEvent): Response {
  const { account } = c.var;
  c.header('etag', etagOf(event));
  return c.json(eventResource({ account, event, pageUrl: pageUrlOf(c, account) }));
}

function checkPrecondition(c: CalendarContext, event: StoredEvent): void {
  const wanted = c.req.header('if-match');
  if (wanted !== undefined && wanted !== '*' && wanted !== etagOf(event)) throw preconditionFailed();
}

/** The page stands beside the API, wherever the world is mounted. */
function pageUrlOf(c: CalendarContext, account: StoredAccount): string {
  const { origin, pathname } = new URL(c.req.url);
  return `${origin}${pathname.slice(0, pathname.indexOf('/calendar/v3'))}/calendar/${encodeURIComponent(account.email)}`;
}

function calendarListEntry({ email, timeZone }: StoredAccount): object {
  return {
    kind: 'calendar#calendarListEntry',
    etag: '"simulated"',
    id: email,
    summary: email,
    timeZone,
    selected: true,
    accessRole: 'owner',
    primary: true,
    defaultReminders: [{ method: 'popup', minutes: 10 }],
  };
}

async function readBody(c: CalendarContext): Promise<unknown> {
  try {
    return await c.req.json();
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('Parse Error');
    throw error;
  }
}
