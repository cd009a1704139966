import { Temporal } from 'temporal-polyfill';
import type { Clock } from './clock.ts';
import type { Conversation, Turn } from './conversation.ts';
import { fold } from './fold.ts';
import { wishedDate, type DaySpan } from './wished-date.ts';
import { wishedDuration, wishedTime, type TimeWish } from './wished-time.ts';

/** When the customer wants to come, put together from what was said. */
export interface Wish extends TimeWish {
  days?: DaySpan | undefined;
  durationMinutes?: number | undefined;
  /** Whether the customer's last words name a day or a time themselves. */
  named: boolean;
  /** The one day and time that the business named last. */
  offered?: Offer | undefined;
  /** A time that the customer turned down. */
  refused?: Offer | undefined;
}

interface Offer {
  day: DaySpan;
  at: number;
}

const lookBack = 6;
/** “Até amanhã!” says goodbye, and when the next meeting is, not that one is wanted. */
const farewell = /\b(ate|see you)( (a|na|no|on|next|this))* \p{L}+(-feira)?/gu;

/**
 * What the last words leave out is looked for further back: “às 16h?” after “terça às 14h” is Tuesday at four. Relative
 * days count from the day on which they were said.
 */
export function readWish(conversation: Conversation, clock: Clock): Wish {
  const today = clock.now.toPlainDate();
  const last = fold(conversation.customerText).replace(farewell, ' ');
  const lastDay = dayOf(conversation.turns.at(-1), today);
  const own = { days: wishedDate(last, lastDay), ...wishedTime(last) };
  const offered = offerIn(conversation, today);
  const refused = offered && declines(last) ? offered : undefined;
  const named = own.days !== undefined || own.at !== undefined || own.window !== undefined;
  const wish: Wish = { ...own, named, offered, refused, durationMinutes: wishedDuration(last) };
  for (const turn of conversation.turns.slice(-lookBack).toReversed()) {
    const said = fold(turn.text);
    wish.days ??= wishedDate(said, dayOf(turn, today));
    wish.durationMinutes ??= turn.who === 'customer' ? wishedDuration(said) : undefined;
    const time = wishedTime(said);
    if (wish.at === undefined && wish.window === undefined && !refused) Object.assign(wish, time);
  }
  if (wish.days && Temporal.PlainDate.compare(wish.days.last, today) < 0) wish.days = undefined;
  return wish;
}

function offerIn({ businessText, turns }: Conversation, today: Temporal.PlainDate): Offer | undefined {
  const said = fold(businessText);
  const turn = turns.findLast(({ who }) => who === 'business');
  const day = wishedDate(said, dayOf(turn, today));
  const { at } = wishedTime(said);
  return day && at !== undefined ? { day, at } : undefined;
}

export function declines(folded: string): boolean {
  return /\b(nao (posso|consigo|da|pode|serve|vai dar)|outro (horario|dia)|outra (hora|data)|prefiro outro|can'?t|cannot|doesn'?t work|another (time|day|slot)|different (time|day)|something else)\b/.test(
    folded,
  );
}

function dayOf(turn: Turn | undefined, today: Temporal.PlainDate): Temporal.PlainDate {
  return turn?.day === undefined ? today : Temporal.PlainDate.from(turn.day);
}
