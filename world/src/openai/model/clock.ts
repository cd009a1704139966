import { Temporal } from 'temporal-polyfill';

export interface Clock {
  now: Temporal.PlainDateTime;
  timeZone: string;
}

const defaultTimeZone = 'America/Sao_Paulo';

/** What time the app says it is, and where. Without a word about it: the world's own clock, in São Paulo. */
export function readClock({ text, fallback }: { text: string; fallback: number }): Clock {
  const timeZone = zoneIn(text) ?? defaultTimeZone;
  const own = Temporal.Instant.fromEpochMilliseconds(fallback).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return { now: timeIn(text, timeZone) ?? own, timeZone };
}

function zoneIn(text: string): string | undefined {
  for (const [name] of text.matchAll(/\b[A-Z][A-Za-z]+\/[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z_]+)?\b/g))
    if (attempt(() => new Intl.DateTimeFormat('en', { timeZone: name }))) return name;
  return undefined;
}

function timeIn(text: string, timeZone: string): Temporal.PlainDateTime | undefined {
  const stamp = /\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?/
    .exec(text)?.[0]
    ?.replace(' ', 'T');
  if (stamp)
    return attempt(() =>
      /(?:Z|[+-]\d{2}:?\d{2})$/.test(stamp)
        ? Temporal.Instant.from(stamp).toZonedDateTimeISO(timeZone).toPlainDateTime()
        : Temporal.PlainDateTime.from(stamp),
    );
  // Date and time apart, as in “It is 08:05 on Tuesday, 2026-11-24”.
  for (const line of text.split('\n')) {
    const date = /\b\d{4}-\d{2}-\d{2}\b/.exec(line)?.[0];
    const time = /\b([01]?\d|2[0-3]):[0-5]\d\b/.exec(line)?.[0];
    if (date) return attempt(() => Temporal.PlainDate.from(date).toPlainDateTime(time?.padStart(5, '0') ?? '00:00'));
  }
  return undefined;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
