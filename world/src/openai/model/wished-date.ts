import { Temporal } from 'temporal-polyfill';

/** Days, both included. */
export interface DaySpan {
  first: Temporal.PlainDate;
  last: Temporal.PlainDate;
}

const weekdays = [
  /\b(segunda(-feira)?|monday)\b/,
  /\b(terca(-feira)?|tuesday)\b/,
  /\b(quarta(-feira)?|wednesday)\b/,
  /\b(quinta(-feira)?|thursday)\b/,
  /\b(sexta(-feira)?|friday)\b/,
  /\b(sabado|saturday)\b/,
  /\b(domingo|sunday)\b/,
];
const monthNames = [
  'janeiro|january|jan',
  'fevereiro|february|fev|feb',
  'marco|march|mar',
  'abril|april|abr|apr',
  'maio|may|mai',
  'junho|june|jun',
  'julho|july|jul',
  'agosto|august|ago|aug',
  'setembro|september|set|sep|sept',
  'outubro|october|out|oct',
  'novembro|november|nov',
  'dezembro|december|dez|dec',
];
const anyMonth = monthNames.join('|');
const nextWeek = /\b(semana que vem|proxima semana|next week|week after this)\b/;

/** The day that a folded text speaks of, seen from `today`. Dates without a year are the next ones to come. */
export function wishedDate(text: string, today: Temporal.PlainDate): DaySpan | undefined {
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  if (/\b(depois de amanha|day after tomorrow)\b/.test(text)) return oneDay(today.add({ days: 2 }));
  if (/\b(amanha|tomorrow)\b/.test(text)) return oneDay(today.add({ days: 1 }));
  if (/\b(hoje|today|tonight|(this|esta|nesta) (morning|afternoon|evening|manha|tarde|noite))\b/.test(text))
    return oneDay(today);
  const named = calendarDate(text, today);
  if (named) return oneDay(named);
  const weekday = weekdays
    .map((pattern, index) => ({ day: index + 1, at: text.search(pattern) }))
    .filter(({ at }) => at >= 0)
    .toSorted((one, two) => one.at - two.at)[0];
  if (weekday && nextWeek.test(text)) return oneDay(monday.add({ days: 6 + weekday.day }));
  if (weekday) return oneDay(today.add({ days: ((weekday.day - today.dayOfWeek + 6) % 7) + 1 }));
  if (nextWeek.test(text)) return { first: monday.add({ days: 7 }), last: monday.add({ days: 13 }) };
  if (/\b((fim|final) de semana|weekend)\b/.test(text))
    return { first: monday.add({ days: 5 }), last: monday.add({ days: 6 }) };
  if (/\b((esta|essa|nesta|nessa|this) (semana|week))\b/.test(text))
    return { first: today, last: monday.add({ days: 6 }) };
  return undefined;
}

function calendarDate(text: string, today: Temporal.PlainDate): Temporal.PlainDate | undefined {
  const iso = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(text);
  if (iso) return plainDate({ year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) });
  const slashed = /\b(\d{1,2})\/(\d{1,2})(?:\/(\d{4}|\d{2}))?\b/.exec(text);
  if (slashed) {
    const [day, month] = [Number(slashed[1]), Number(slashed[2])];
    const year = slashed[3] && Number(slashed[3].padStart(4, '20'));
    // Day first, as in Brazil, unless only the American order makes a date.
    const parts = month > 12 ? { day: month, month: day } : { day, month };
    return year ? plainDate({ ...parts, year }) : nextDate(parts, today);
  }
  const dayFirst = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th|o)? (?:de |of )?(${anyMonth})\\b`).exec(text);
  if (dayFirst) return nextDate({ day: Number(dayFirst[1]), month: monthOf(dayFirst[2]) }, today);
  const monthFirst = new RegExp(`\\b(${anyMonth}) (?:the )?(\\d{1,2})(?:st|nd|rd|th)?\\b`).exec(text);
  if (monthFirst) return nextDate({ day: Number(monthFirst[2]), month: monthOf(monthFirst[1]) }, today);
  const bare = /\bdia (\d{1,2})\b/.exec(text) ?? /\b(?:the )?(\d{1,2})(?:st|nd|rd|th)\b/.exec(text);
  if (!bare) return undefined;
  const day = Number(bare[1]);
  const thisMonth = plainDate({ year: today.year, month: today.month, day });
  if (thisMonth && Temporal.PlainDate.compare(thisMonth, today) >= 0) return thisMonth;
  const following = today.with({ day: 1 }).add({ months: 1 });
  return plainDate({ year: following.year, month: following.month, day });
}

function monthOf(name: string | undefined): number {
  return monthNames.findIndex((names) => names.split('|').includes(name ?? '')) + 1;
}

function nextDate(parts: { day: number; month: number }, today: Temporal.PlainDate): Temporal.PlainDate | undefined {
  const thisYear = plainDate({ ...parts, year: today.year });
  if (thisYear && Temporal.PlainDate.compare(thisYear, today) >= 0) return thisYear;
  return plainDate({ ...parts, year: today.year + 1 });
}

function plainDate(parts: { year: number; month: number; day: number }): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(parts, { overflow: 'reject' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function oneDay(day: Temporal.PlainDate): DaySpan {
  return { first: day, last: day };
}
