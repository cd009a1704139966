import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { eventFieldsSchema, mergeFields, type EventFields } from './event-fields.ts';
import { spanOf, type Span } from './event-times.ts';
import { GoogleError } from './google-error.ts';
import type { StoredAccount } from './accounts.ts';
import type { Storage } from './storage.ts';
import type { Now } from './types.ts';

const row = z
  .object({
    id: z.string(),
    change: z.int(),
    status: z.enum(['confirmed', 'tentative', 'cancelled']),
    busy: z.int(),
    start_ms: z.int(),
    end_ms: z.int(),
    created_ms: z.int(),
    updated_ms: z.int(),
    sequence: z.int(),
    fields: z.string(),
  })
  .transform((found) => ({
    id: found.id,
    /** Rises with every write anywhere: what sync tokens and ETags are made of. */
    change: found.change,
    status: found.status,
    startMs: found.start_ms,
    endMs: found.end_ms,
    createdMs: found.created_ms,
    updatedMs: found.updated_ms,
    sequence: found.sequence,
    fields: eventFieldsSchema.parse(JSON.parse(found.fields)),
  }));

export type StoredEvent = z.output<typeof row>;

interface EventRange {
  /** Only events that end after. Unix time, milliseconds. */
  endsAfter?: number | undefined;
  /** Only events that start before. */
  startsBefore?: number | undefined;
}

export interface EventStore {
  find(account: StoredAccount, id: string): StoredEvent | undefined;
  /** Cancelled ones too. */
  list(account: StoredAccount, range?: EventRange): StoredEvent[];
  changedSince(account: StoredAccount, change: number): StoredEvent[];
  /** Number of the newest change. */
  newestChange(): number;
  /** Times that make the account busy, by start; overlaps are not merged. */
  busy(account: StoredAccount, range: { from: number; to: number }): Span[];
  /** @throws {GoogleError} 409 when the id was ever used, 400 when the times don't fit */
  insert(account: StoredAccount, fields: EventFields): StoredEvent;
  /** `patch` keeps what isn't mentioned. @throws {GoogleError} 400 */
  write(account: StoredAccount, change: { event: StoredEvent; fields: EventFields; patch: boolean }): StoredEvent;
  cancel(account: StoredAccount, event: StoredEvent): void;
}

const columns = 'id, change, status, busy, start_ms, end_ms, created_ms, updated_ms, sequence, fields';
const farFuture = Number.MAX_SAFE_INTEGER;

export function createEventStore({ storage, now }: { storage: Storage; now: Now }): EventStore {
  const one = storage.select(`SELECT ${columns} FROM events WHERE email = ? AND id = ?`, row);
  const inRange = storage.select(
    `SELECT ${columns} FROM events WHERE email = ? AND end_ms > ? AND start_ms < ? ORDER BY start_ms, id`,
    row,
  );
  const since = storage.select(`SELECT ${columns} FROM events WHERE email = ? AND change > ? ORDER BY change`, row);
  const busyInRange = storage.select(
    `SELECT start_ms, end_ms FROM events WHERE email = ? AND end_ms > ? AND start_ms < ? AND busy = 1 ORDER BY start_ms, end_ms`,
    z.object({ start_ms: z.int(), end_ms: z.int() }),
  );
  const newest = storage.select(
    'SELECT coalesce(max(number), 0) AS number FROM changes',
    z.object({ number: z.int() }),
  );
  const addChange = storage.change('INSERT INTO changes DEFAULT VALUES');
  const put = storage.change(
    `INSERT OR REPLACE INTO events (email, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const newestChange = () => newest.get()?.number ?? 0;

  function save(account: StoredAccount, event: Omit<StoredEvent, 'change'>): StoredEvent {
    const { status, fields } = event;
    const busy = status !== 'cancelled' && fields.transparency !== 'transparent';
    const change = storage.transaction(() => {
      addChange();
      const number = newestChange();
      put(
        account.email,
        event.id,
        number,
        status,
        Number(busy),
        event.startMs,
        event.endMs,
        event.createdMs,
        event.updatedMs,
        event.sequence,
        JSON.stringify(fields),
      );
      return number;
    });
    return { ...event, change };
  }

  return {
    find: (account, id) => one.get(account.email, id),
    list: (account, { endsAfter = -farFuture, startsBefore = farFuture } = {}) =>
      inRange.all(account.email, endsAfter, startsBefore),
    changedSince: (account, change) => since.all(account.email, change),
    newestChange,
    busy: (account, { from, to }) =>
      busyInRange.all(account.email, from, to).map(({ start_ms, end_ms }) => ({ startMs: start_ms, endMs: end_ms })),
    insert(account, fields) {
      const id = fields.id ?? newEventId();
      if (one.get(account.email, id))
        throw new GoogleError({ code: 409, reason: 'duplicate', message: 'The requested identifier already exists.' });
      const at = now();
      const times = spanIn(account, fields);
      const clean = mergeFields({}, { ...fields, id: null, status: null });
      return save(account, {
        id,
        status: fields.status ?? 'confirmed',
        ...times,
        createdMs: at,
        updatedMs: at,
        sequence: 0,
        fields: clean,
      });
    },
    write(account, { event, fields, patch }) {
      const merged = mergeFields(patch ? event.fields : {}, { ...fields, id: null, status: null });
      const times = spanIn(account, merged);
      const moved = times.startMs !== event.startMs || times.endMs !== event.endMs;
      return save(account, {
        ...event,
        ...times,
        status: fields.status ?? (patch ? event.status : 'confirmed'),
        updatedMs: now(),
        sequence: event.sequence + Number(moved),
        fields: merged,
      });
    },
    cancel(account, event) {
      save(account, { ...event, status: 'cancelled', updatedMs: now() });
    },
  };
}

function spanIn({ timeZone }: StoredAccount, { start, end }: EventFields): Span {
  return spanOf({ start: start ?? undefined, end: end ?? undefined, timeZone });
}

function newEventId(): string {
  const alphabet = '0123456789abcdefghijklmnopqrstuv';
  return Array.from({ length: 26 }, () => alphabet[randomInt(alphabet.length)]).join('');
}
