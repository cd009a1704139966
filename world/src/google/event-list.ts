import { z } from 'zod';
import type { StoredAccount } from './accounts.ts';
import type { EventStore, StoredEvent } from './event-store.ts';
import { emptyTimeRange, GoogleError, invalid } from './google-error.ts';
import { isTimeZone, requestInstant } from './event-times.ts';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const querySchema = z.object({
  maxResults: z.coerce.number().int().min(1).max(2500).default(250),
  orderBy: z.enum(['startTime', 'updated']).optional(),
  singleEvents: flag.default(false),
  showDeleted: flag.optional(),
  pageToken: z.string().optional(),
  syncToken: z.string().optional(),
  timeMin: z.string().optional(),
  timeMax: z.string().optional(),
  updatedMin: z.string().optional(),
  timeZone: z.string().refine(isTimeZone).optional(),
  q: z.string().optional(),
  iCalUID: z.string().optional(),
});

const syncSchema = z.object({ generation: z.int(), change: z.int() });
const pageSchema = z.object({ after: z.tuple([z.number(), z.string()]), asOf: z.int() });

/** Parameters that can't go together with `syncToken`, and whose lists yield none. */
const unsyncable = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'updatedMin',
] as const;

export interface EventPage {
  events: StoredEvent[];
  timeZone: string | undefined;
  nextPageToken?: string | undefined;
  nextSyncToken?: string | undefined;
}

/**
 * One page of `events.list`. A sync token stands for the state at the *first* page of a list, so nothing that changes
 * between two pages is missed.
 * @throws {GoogleError} 400, or 410 when the sync token has expired
 */
export function listEvents({
  store,
  account,
  query,
}: {
  store: EventStore;
  account: StoredAccount;
  query: URLSearchParams;
}): EventPage {
  const options = readOptions(query);
  const sync = options.syncToken === undefined ? undefined : readSyncToken(options.syncToken, account, query);
  const page = options.pageToken === undefined ? undefined : readToken(options.pageToken, pageSchema, 'pageToken');
  const asOf = page?.asOf ?? store.newestChange();

  const found = sync
    ? store.changedSince(account, sync.change)
    : store.list(account, { endsAfter: options.timeMin, startsBefore: options.timeMax });
  const showDeleted = sync !== undefined || options.updatedMin !== undefined || (options.showDeleted ?? false);
  const keyOf = sortKey(options.orderBy);
  const matching = found
    .filter((event) => (showDeleted || event.status !== 'cancelled') && fits(event, options, query))
    .toSorted((one, two) => compareKeys(keyOf(one), keyOf(two)));
  const rest = page ? matching.filter((event) => compareKeys(keyOf(event), page.after) > 0) : matching;
  const events = rest.slice(0, options.maxResults);
  const last = events.at(-1);
  if (rest.length > events.length && last)
    return { events, timeZone: options.timeZone, nextPageToken: writeToken({ after: keyOf(last), asOf }) };
  const syncable = !unsyncable.some((name) => query.has(name));
  const nextSyncToken = writeToken({ generation: account.syncGeneration, change: asOf });
  return { events, timeZone: options.timeZone, ...(syncable && { nextSyncToken }) };
}

function readOptions(query: URLSearchParams) {
  const parsed = querySchema.safeParse(Object.fromEntries(query));
  if (!parsed.success) throw invalid('Bad Request', parsed.error.issues[0]?.path.join('.'));
  const { timeMin, timeMax, updatedMin, ...options } = parsed.data;
  if (options.orderBy === 'startTime' && !options.singleEvents)
    throw new GoogleError({
      code: 400,
      reason: 'badRequest',
      message: 'The requested ordering is not available for the particular query.',
    });
  const times = {
    timeMin: timeMin === undefined ? undefined : requestInstant(timeMin, 'timeMin'),
    timeMax: timeMax === undefined ? undefined : requestInstant(timeMax, 'timeMax'),
    updatedMin: updatedMin === undefined ? undefined : requestInstant(updatedMin, 'updatedMin'),
  };
  if (times.timeMin !== undefined && times.timeMax !== undefined && times.timeMin >= times.timeMax)
    throw emptyTimeRange();
  return { ...options, ...times };
}

function readSyncToken(token: string, account: StoredAccount, query: URLSearchParams): z.output<typeof syncSchema> {
  const conflicting = [...unsyncable, 'timeMin', 'timeMax'].find((name) => query.has(name));
  if (conflicting) throw invalid(`Sync token cannot be used with ${conflicting}.`, 'syncToken');
  if (query.get('showDeleted') === 'false')
    throw invalid('Sync token cannot be used with showDeleted set to false.', 'syncToken');
  const sync = readToken(token, syncSchema, 'syncToken');
  if (sync.generation !== account.syncGeneration)
    throw new GoogleError({
      code: 410,
      reason: 'fullSyncRequired',
      message: 'Sync token is no longer valid, a full sync is required.',
      domain: 'calendar',
      location: { type: 'parameter', name: 'syncToken' },
    });
  return sync;
}

function fits(event: StoredEvent, options: ReturnType<typeof readOptions>, query: URLSearchParams): boolean {
  const { summary, description, location, attendees, extendedProperties, iCalUID } = event.fields;
  if (options.updatedMin !== undefined && event.updatedMs < options.updatedMin) return false;
  if (options.iCalUID !== undefined && (iCalUID ?? `${event.id}@google.com`) !== options.iCalUID) return false;
  if (options.q) {
    const searched = [
      summary,
      description,
      location,
      ...(attendees ?? []).flatMap((one) => [one.email, one.displayName]),
    ];
    const text = searched.join('\n').toLowerCase();
    if (
      !options.q
        .toLowerCase()
        .split(/\s+/)
        .every((word) => text.includes(word))
    )
      return false;
  }
  return (['private', 'shared'] as const).every((kind) =>
    query.getAll(`${kind}ExtendedProperty`).every((constraint) => {
      const [name = '', ...value] = constraint.split('=');
      return extendedProperties?.[kind]?.[name] === value.join('=');
    }),
  );
}

type SortKey = [number, string];

function sortKey(orderBy: 'startTime' | 'updated' | undefined): (event: StoredEvent) => SortKey {
  return (event) => [orderBy === 'startTime' ? event.startMs : orderBy === 'updated' ? event.updatedMs : 0, event.id];
}

function compareKeys(one: SortKey, two: SortKey): number {
  return one[0] - two[0] || (one[1] < two[1] ? -1 : Number(one[1] > two[1]));
}

function writeToken(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function readToken<Schema extends z.ZodType>(token: string, schema: Schema, parameter: string): z.output<Schema> {
  try {
    const parsed = schema.safeParse(JSON.parse(Buffer.from(token, 'base64url').toString()));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalid(parameter === 'syncToken' ? 'Invalid sync token value.' : 'Invalid page token value.', parameter);
}
