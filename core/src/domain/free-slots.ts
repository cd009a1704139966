import { Temporal } from 'temporal-polyfill';
import type { WorkingHours } from '../contracts/me.ts';

/** Instants in the form of `Date.prototype.toISOString`; the end is exclusive. */
export interface Interval {
  start: string;
  end: string;
}

export interface Calendar {
  workingHours: WorkingHours;
  /** IANA zone in which the working hours are meant. */
  timeZone: string;
  busy: readonly Interval[];
}

export interface FreeSlotsQuery extends Calendar {
  durationMinutes: number;
  now: string;
  /** Nothing starts earlier than this many minutes from now. */
  leadMinutes: number;
  /** How many days to look at, today included. */
  days: number;
  /** At most so many slots. */
  limit: number;
  /** Slots begin at the opening time plus a multiple of it. */
  stepMinutes?: number | undefined;
}

interface Span {
  start: number;
  end: number;
}

const minute = 60_000;
const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Slots that a customer can be offered: open, free, not too soon, not overlapping each other; earliest first. */
export function freeSlots(query: FreeSlotsQuery): Interval[] {
  const now = Temporal.Instant.from(query.now);
  const earliest = now.epochMilliseconds + query.leadMinutes * minute;
  const duration = query.durationMinutes * minute;
  const step = (query.stepMinutes ?? Math.min(30, query.durationMinutes)) * minute;
  if (!(duration > 0 && step > 0)) throw new RangeError('Duration and step must be positive');
  const busy = query.busy.map(toSpan);
  const today = now.toZonedDateTimeISO(query.timeZone).toPlainDate();
  const slots: Interval[] = [];
  for (let day = 0; day < query.days; day++) {
    for (const open of openingOf(query, today.add({ days: day }))) {
      let start = open.start;
      while (start + duration <= open.end) {
        const slot = { start, end: start + duration };
        const usable = start >= earliest && !busy.some((span) => overlap(span, slot));
        if (usable) slots.push(toInterval(slot));
        if (slots.length >= query.limit) return slots;
        // The next one begins on the grid, and not before this one ends.
        start += usable ? Math.ceil(duration / step) * step : step;
      }
    }
  }
  return slots;
}

/** Whether an appointment lies within opening hours, in the future, and meets nothing busy. */
export function isSlotFree(slot: Interval, calendar: Calendar, now: string): boolean {
  const { start, end } = toSpan(slot);
  if (!(start < end) || start < Date.parse(now) || calendar.busy.some((busy) => overlap(toSpan(busy), { start, end })))
    return false;
  const date = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(calendar.timeZone).toPlainDate();
  return openingOf(calendar, date).some((open) => open.start <= start && end <= open.end);
}

/** Opening hours of a local day as instants, adjoining ones joined. */
function openingOf({ workingHours, timeZone }: Calendar, date: Temporal.PlainDate): Span[] {
  const day = dayNames[date.dayOfWeek - 1];
  const spans: Span[] = [];
  for (const { from, to } of day ? workingHours[day] : []) {
    // Where clocks are put forward or back at that very time, take the reading that opens later and closes earlier.
    const start = toEpoch(date, from, timeZone, 'later');
    const end = toEpoch(date, to, timeZone, 'earlier');
    const previous = spans.at(-1);
    if (previous?.end === start) previous.end = end;
    else if (start < end) spans.push({ start, end });
  }
  return spans;
}

function toEpoch(date: Temporal.PlainDate, time: string, timeZone: string, disambiguation: 'earlier' | 'later') {
  return date.toPlainDateTime(Temporal.PlainTime.from(time)).toZonedDateTime(timeZone, { disambiguation })
    .epochMilliseconds;
}

function toSpan({ start, end }: Interval): Span {
  return { start: Date.parse(start), end: Date.parse(end) };
}

function toInterval({ start, end }: Span): Interval {
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
