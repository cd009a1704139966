import type { StoredAccount } from './accounts.ts';
import type { StoredEvent } from './event-store.ts';
import { formatInstant, type EventTime } from './event-times.ts';

export interface ResourceOptions {
  account: StoredAccount;
  event: StoredEvent;
  /** Zone in which times are written; the calendar's by default. */
  timeZone?: string | undefined;
  /** Address of the calendar page of the account. */
  pageUrl: string;
}

export function etagOf({ change, updatedMs }: Pick<StoredEvent, 'change' | 'updatedMs'>): string {
  return `"${updatedMs}${String(change).padStart(7, '0')}"`;
}

/** `calendar#event` as `get`, `insert` and `patch` answer it. */
export function eventResource({ account, event, timeZone, pageUrl }: ResourceOptions): object {
  const { start, end, iCalUID, ...fields } = event.fields;
  const person = { email: account.email, self: true };
  const written = (time: EventTime | null | undefined, ms: number) =>
    time?.date
      ? { date: time.date }
      : { dateTime: formatInstant(ms, timeZone ?? account.timeZone), timeZone: time?.timeZone ?? account.timeZone };
  return {
    kind: 'calendar#event',
    etag: etagOf(event),
    id: event.id,
    status: event.status,
    htmlLink: `${pageUrl}?event=${event.id}`,
    created: new Date(event.createdMs).toISOString(),
    updated: new Date(event.updatedMs).toISOString(),
    ...fields,
    creator: person,
    organizer: person,
    start: written(start, event.startMs),
    end: written(end, event.endMs),
    iCalUID: iCalUID ?? `${event.id}@google.com`,
    sequence: event.sequence,
    reminders: fields.reminders ?? { useDefault: true },
    eventType: 'default',
  };
}

/** In lists a cancelled event is only promised to have its id; so this is all it has here. */
export function listedResource(options: ResourceOptions): object {
  const { event } = options;
  if (event.status !== 'cancelled') return eventResource(options);
  return { kind: 'calendar#event', etag: etagOf(event), id: event.id, status: 'cancelled' };
}
