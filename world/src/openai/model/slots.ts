import { Temporal } from 'temporal-polyfill';
import type { Clock } from './clock.ts';
import type { Wish } from './wish.ts';

export interface Slot {
  start: Temporal.PlainDateTime;
  end?: Temporal.PlainDateTime | undefined;
  /** The start as the tool wrote it. */
  written?: string | undefined;
}

export interface Finding {
  slots: Slot[];
  /** The tool said that it failed. */
  failed: boolean;
}

const startNames = ['start', 'start_time', 'starts_at', 'from'];
const endNames = ['end', 'end_time', 'ends_at', 'to'];

/** Every free time in a tool's output, however it is nested: objects with a start, or plain times. */
export function readSlots(output: string, clock: Clock): Finding {
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    // Some tools answer in words: the times in them will do.
    json = output.match(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?/g) ?? [];
  }
  const slots: Slot[] = [];
  collect(json, clock, slots);
  const failed = slots.length === 0 && typeof json === 'object' && json !== null && 'error' in json;
  return { slots: slots.toSorted((one, two) => Temporal.PlainDateTime.compare(one.start, two.start)), failed };
}

function collect(value: unknown, clock: Clock, into: Slot[]): void {
  if (typeof value === 'string') {
    const start = localTime(value, clock.timeZone);
    if (start) into.push({ start, written: value });
    return;
  }
  if (Array.isArray(value)) return value.forEach((entry) => collect(entry, clock, into));
  if (typeof value !== 'object' || value === null) return;
  const fields = new Map<string, unknown>(Object.entries(value));
  const written = textUnder(fields, startNames);
  const start = written === undefined ? undefined : localTime(written, clock.timeZone);
  const end = textUnder(fields, endNames);
  if (written !== undefined && start)
    into.push({ start, end: end === undefined ? undefined : localTime(end, clock.timeZone), written });
  // Only lists hold slots: a `searched_from` beside them is none.
  else for (const entry of fields.values()) if (typeof entry === 'object') collect(entry, clock, into);
}

function textUnder(fields: ReadonlyMap<string, unknown>, names: readonly string[]): string | undefined {
  return names.map((name) => fields.get(name)).find((value) => typeof value === 'string');
}

/** On the owner's clock, whatever the offset. */
function localTime(text: string, timeZone: string): Temporal.PlainDateTime | undefined {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return undefined;
  try {
    if (/(?:Z|[+-]\d{2}:?\d{2})$/.test(text))
      return Temporal.Instant.from(text).toZonedDateTimeISO(timeZone).toPlainDateTime();
    return Temporal.PlainDateTime.from(text.replace(' ', 'T'));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * The time asked for, where neighbouring free times together leave room for it: 10:00 and 11:00 free for an hour each
 * means that 10:30 is free too.
 */
export function withWishedTime(slots: readonly Slot[], wish: Wish, minutes: number): Slot[] {
  const { days, at } = wish;
  if (!days || at === undefined || !days.first.equals(days.last)) return [...slots];
  const wanted = days.first.toPlainDateTime({ hour: Math.floor(at / 60), minute: at % 60 });
  const end = wanted.add({ minutes });
  let reached = wanted;
  for (const { start } of slots) {
    const until = start.add({ minutes });
    if (Temporal.PlainDateTime.compare(start, reached) <= 0 && Temporal.PlainDateTime.compare(until, reached) > 0)
      reached = until;
  }
  const known = slots.some(({ start }) => start.equals(wanted));
  if (known || Temporal.PlainDateTime.compare(reached, end) < 0) return [...slots];
  return [...slots, { start: wanted, end }];
}

/**
 * Best first: on the wished days, then in the wished part of the day, then nearest to the wished time, then earliest.
 */
export function rankSlots(slots: readonly Slot[], wish: Wish): Slot[] {
  const kept = slots.filter((slot) => !isRefused(slot, wish));
  const cost = (slot: Slot): number[] => [
    Number(!isOnDay(slot, wish)),
    Number(!isInWindow(slot, wish)),
    wish.at === undefined ? 0 : Math.abs(minuteOf(slot.start) - wish.at),
  ];
  return kept.toSorted((one, two) => {
    const [left, right] = [cost(one), cost(two)];
    const differing = left.findIndex((value, index) => value !== right[index]);
    return differing < 0
      ? Temporal.PlainDateTime.compare(one.start, two.start)
      : (left[differing] ?? 0) - (right[differing] ?? 0);
  });
}

/** Whether the slot is what the customer asked for: day, part of the day and time. */
export function fitsWish(slot: Slot, wish: Wish): boolean {
  return isOnDay(slot, wish) && isInWindow(slot, wish) && (wish.at === undefined || minuteOf(slot.start) === wish.at);
}

export function isOnDay({ start }: Slot, { days }: Wish): boolean {
  if (!days) return true;
  const day = start.toPlainDate();
  return Temporal.PlainDate.compare(day, days.first) >= 0 && Temporal.PlainDate.compare(day, days.last) <= 0;
}

function isInWindow({ start }: Slot, { window }: Wish): boolean {
  return !window || (minuteOf(start) >= window.from && minuteOf(start) < window.to);
}

function isRefused({ start }: Slot, { refused }: Wish): boolean {
  return refused !== undefined && start.toPlainDate().equals(refused.day.first) && minuteOf(start) === refused.at;
}

function minuteOf({ hour, minute }: Temporal.PlainDateTime): number {
  return hour * 60 + minute;
}
