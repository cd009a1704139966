import type { WorkingHours } from '@top-active/core/contracts';

export type DayName = keyof WorkingHours;
export type Opening = WorkingHours[DayName];

export const weekDays: readonly DayName[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** The contract's limit. */
export const maxSpans = 4;

/** `segunda-feira` and so on, from the calendar itself: 5 January 1970 was a Monday. */
export function dayNames(locale: string): Record<DayName, string> {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  const name = (index: number): string => format.format(new Date((4 + index) * 86_400_000));
  return { mon: name(0), tue: name(1), wed: name(2), thu: name(3), fri: name(4), sat: name(5), sun: name(6) };
}

/** One more span after the last: an hour later, as long as the day allows. */
export function withAnotherSpan(opening: Opening): Opening {
  const last = opening.at(-1);
  if (!last) return [{ from: '09:00', to: '18:00' }];
  const from = Math.min(minutesOf(last.to) + 60, 23 * 60);
  return [...opening, { from: timeOf(from), to: timeOf(Math.min(from + 240, 24 * 60 - 1)) }];
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function timeOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
