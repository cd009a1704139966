import { Temporal } from 'temporal-polyfill';

/**
 * Epoch milliseconds of a time as a model writes it: local (`2026-11-24T14:00`, `2026-11-24`) in the owner's zone, or
 * with its own offset. Undefined when it is none.
 */
export function resolveTime(text: string, timeZone: string): number | undefined {
  try {
    if (/(Z|[+-]\d\d:?\d\d)(\[.*\])?$/i.test(text) && text.includes(':'))
      return Temporal.Instant.from(text).epochMilliseconds;
    return Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The same for the end of a span: a mere date means the end of that day. */
export function resolveEnd(text: string, timeZone: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return resolveTime(text, timeZone);
  const begin = resolveTime(text, timeZone);
  if (begin === undefined) return undefined;
  return zoned(begin, timeZone).add({ days: 1 }).epochMilliseconds;
}

/** `2026-11-24T14:00`, on the owner's clock. */
export function localTime(instant: number | string, timeZone: string): string {
  return zoned(instant, timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' });
}

/** `Tuesday, 2026-11-24`, on the owner's calendar. */
export function localDay(instant: number | string, timeZone: string): string {
  const date = zoned(instant, timeZone).toPlainDate();
  const name = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][date.dayOfWeek - 1];
  return `${name}, ${date.toString()}`;
}

function zoned(instant: number | string, timeZone: string): Temporal.ZonedDateTime {
  const epoch = typeof instant === 'number' ? instant : Date.parse(instant);
  return Temporal.Instant.fromEpochMilliseconds(epoch).toZonedDateTimeISO(timeZone);
}
