import { z } from 'zod';
import type { StoredAccount } from './accounts.ts';
import type { EventStore } from './event-store.ts';
import { formatInstant, isTimeZone, requestInstant, type Span } from './event-times.ts';
import { emptyTimeRange, GoogleError, invalid, required } from './google-error.ts';

const requestSchema = z.object({
  timeMin: z.string().optional(),
  timeMax: z.string().optional(),
  timeZone: z.string().refine(isTimeZone).default('UTC'),
  items: z
    .array(z.object({ id: z.string() }))
    .max(50)
    .default([]),
});

const longestRangeMs = 92 * 24 * 3600_000;

/**
 * `freebusy.query`: merged busy times, clipped to the range. Calendars of others are answered as not found.
 * @throws {GoogleError} 400
 */
export function queryFreeBusy({
  store,
  account,
  body,
}: {
  store: EventStore;
  account: StoredAccount;
  body: unknown;
}): object {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) throw invalid('Bad Request', parsed.error.issues[0]?.path.join('.'));
  const { timeMin, timeMax, timeZone, items } = parsed.data;
  if (!timeMin) throw required('Missing timeMin parameter.');
  if (!timeMax) throw required('Missing timeMax parameter.');
  const from = requestInstant(timeMin, 'timeMin');
  const to = requestInstant(timeMax, 'timeMax');
  if (to <= from) throw emptyTimeRange();
  if (to - from > longestRangeMs)
    throw new GoogleError({
      code: 400,
      reason: 'timeRangeTooLong',
      message: 'The requested time range is too long.',
      domain: 'calendar',
    });
  const calendars = items.map(({ id }) => {
    if (id !== 'primary' && id.toLowerCase() !== account.email)
      return [id, { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }];
    const busy = mergeSpans(store.busy(account, { from, to })).map(({ startMs, endMs }) => ({
      start: formatInstant(Math.max(startMs, from), timeZone),
      end: formatInstant(Math.min(endMs, to), timeZone),
    }));
    return [id, { busy }];
  });
  return {
    kind: 'calendar#freeBusy',
    timeMin: new Date(from).toISOString(),
    timeMax: new Date(to).toISOString(),
    calendars: Object.fromEntries(calendars),
  };
}

/** Joins spans that overlap or touch; they come in order of start. Empty ones make nobody busy. */
function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    if (span.endMs <= span.startMs) continue;
    const last = merged.at(-1);
    if (last && span.startMs <= last.endMs) last.endMs = Math.max(last.endMs, span.endMs);
    else merged.push({ ...span });
  }
  return merged;
}
