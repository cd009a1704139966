import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { emptyTimeRange, invalid, required } from './google-error.ts';

/** EventDateTime: `date` for all-day, else `dateTime` with an offset or with `timeZone` beside it. */
export const eventTimeSchema = z.object({
  date: z.string().nullish(),
  dateTime: z.string().nullish(),
  timeZone: z.string().nullish(),
});

export type EventTime = z.infer<typeof eventTimeSchema>;

export interface Span {
  /** Unix time, milliseconds. */
  startMs: number;
  endMs: number;
}

/**
 * When an event is, for a calendar in `timeZone`.
 * @throws {GoogleError} 400 where Google refuses it too
 */
export function spanOf({
  start,
  end,
  timeZone,
}: {
  start: EventTime | undefined;
  end: EventTime | undefined;
  timeZone: string;
}): Span {
  if (!start?.date && !start?.dateTime) throw required('Missing start time.');
  if (!end?.date && !end?.dateTime) throw required('Missing end time.');
  if (Boolean(start.date) !== Boolean(end.date))
    throw invalid('The start and end times must either both be date or both be dateTime.');
  const span = { startMs: instantOf(start, 'start', timeZone), endMs: instantOf(end, 'end', timeZone) };
  if (span.endMs < span.startMs || (start.date && span.endMs === span.startMs)) throw emptyTimeRange();
  return span;
}

function instantOf(time: EventTime, which: 'start' | 'end', calendarZone: string): number {
  const zone = time.timeZone ?? undefined;
  if (zone !== undefined && !isTimeZone(zone)) throw invalid(`Invalid time zone definition for ${which} time.`);
  try {
    if (time.date) return Temporal.PlainDate.from(time.date).toZonedDateTime(calendarZone).epochMilliseconds;
    const text = time.dateTime ?? '';
    if (hasOffset(text)) return Temporal.Instant.from(text).epochMilliseconds;
    if (zone !== undefined) return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) throw invalid(`Invalid value for: ${which}`);
    throw error;
  }
  throw required(`Missing time zone definition for ${which} time.`);
}

/**
 * A query parameter or field that must be RFC 3339 with an offset.
 * @throws {GoogleError} 400
 */
export function requestInstant(text: string, parameter: string): number {
  try {
    if (hasOffset(text)) return Temporal.Instant.from(text).epochMilliseconds;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw invalid('Bad Request', parameter);
}

/** As Google writes times: whole seconds, with the offset of the zone. */
export function formatInstant(ms: number, timeZone: string): string {
  const instant = Temporal.Instant.fromEpochMilliseconds(ms);
  if (timeZone === 'UTC') return instant.toString({ smallestUnit: 'second' });
  return instant.toZonedDateTimeISO(timeZone).toString({ smallestUnit: 'second', timeZoneName: 'never' });
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

function hasOffset(text: string): boolean {
  return /T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);
}
