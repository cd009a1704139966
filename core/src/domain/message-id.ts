import { createHash } from 'node:crypto';
import type { MessageId } from '../contracts/ids.ts';

/**
 * A message id is `<order>-<tail>`. `order` has 13 digits: WhatsApp's second of sending, then the number of arrival (0
 * to 999) within that second of that chat. The tail, of our own making, tells apart what has the same order. Ids
 * compare as strings.
 */
const orderLength = 13;
const perSecond = 1000;

export function messageId(order: string, tail: string): MessageId {
  return `${order}-${tail}`;
}

export function orderOf(id: MessageId): string {
  return id.slice(0, orderLength);
}

/** First and last order of a second, both inclusive. */
export function ordersOfSecond(second: number): { first: string; last: string } {
  return { first: toOrder(second, 0), last: toOrder(second, perSecond - 1) };
}

/** Order of a message that arrives after `last`, the newest one of the same second (undefined: it is the first). */
export function nextOrder(second: number, last: string | undefined): string {
  if (last === undefined) return toOrder(second, 0);
  // Beyond a thousand within one second and chat they keep the last number and sort by tail.
  return toOrder(second, Math.min(Number(last) % perSecond, perSecond - 2) + 1);
}

/** Whether `order` belongs to `second`. */
export function isOfSecond(order: string, second: number): boolean {
  return order !== '' && Math.floor(Number(order) / perSecond) === second;
}

export function compareMessageIds(a: MessageId, b: MessageId): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** WhatsApp's stanza id as it may stand in our ids and keys; one with other characters is replaced by its hash. */
export function safeStanzaId(stanzaId: string): string {
  if (/^[A-Za-z0-9]{1,64}$/.test(stanzaId)) return stanzaId;
  return `h${createHash('sha256').update(stanzaId).digest('hex').slice(0, 63)}`;
}

function toOrder(second: number, n: number): string {
  if (!Number.isSafeInteger(second) || second < 0 || second > 9_999_999_999)
    throw new RangeError('Time of sending is no epoch second');
  return String(second * perSecond + n).padStart(orderLength, '0');
}
