import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageIdSchema } from '../contracts/ids.ts';
import {
  compareMessageIds,
  isOfSecond,
  messageId,
  nextOrder,
  orderOf,
  ordersOfSecond,
  safeStanzaId,
} from './message-id.ts';

const seconds = fc.integer({ min: 0, max: 9_999_999_999 });

describe('message ids', () => {
  it('sort by second, then by arrival, whatever the stanza id', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1_700_000_000, max: 1_700_000_005 }), fc.string({ maxLength: 20 })), {
          maxLength: 60,
        }),
        (arrivals) => {
          const last = new Map<number, string>();
          const ids = arrivals.map(([second, stanza], arrival) => {
            const order = nextOrder(second, last.get(second));
            last.set(second, order);
            return { id: messageId(order, safeStanzaId(stanza)), second, arrival };
          });
          const expected = ids.toSorted((a, b) => a.second - b.second || a.arrival - b.arrival);
          expect(ids.toSorted((a, b) => compareMessageIds(a.id, b.id))).toEqual(expected);
          for (const { id } of ids) expect(messageIdSchema.safeParse(id).success).toBe(true);
        },
      ),
    );
  });

  it('know the second they belong to', () => {
    fc.assert(
      fc.property(seconds, fc.nat(999), (second, n) => {
        let order = nextOrder(second, undefined);
        for (let i = 0; i < n; i++) order = nextOrder(second, order);
        const { first, last } = ordersOfSecond(second);
        expect(isOfSecond(order, second)).toBe(true);
        expect(isOfSecond(order, second + 1)).toBe(false);
        expect(first <= order && order <= last).toBe(true);
        expect(orderOf(messageId(order, 'ABC'))).toBe(order);
      }),
      { numRuns: 30 },
    );
  });

  it('stay within their second beyond a thousand messages', () => {
    const { last } = ordersOfSecond(1_700_000_000);
    expect(nextOrder(1_700_000_000, last)).toBe(last);
  });

  it('refuse times that are no epoch seconds', () => {
    for (const second of [-1, 1.5, Number.NaN, 1_700_000_000_000])
      expect(() => nextOrder(second, undefined)).toThrow(RangeError);
  });

  it('hash stanza ids with other characters, differently for each', () => {
    expect(safeStanzaId('3EB0C767D26A1B')).toBe('3EB0C767D26A1B');
    expect(safeStanzaId('a#b')).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(safeStanzaId('a#b')).not.toBe(safeStanzaId('a/b'));
  });
});

describe('message ids', () => {
  it('compare by their time, and then by what tells them apart', () => {
    const ids = ['1790000000001-A', '1790000000000-B', '1790000000000-A'];
    expect(ids.toSorted(compareMessageIds)).toEqual(ids.toReversed());
    expect(compareMessageIds('1790000000000-A', '1790000000000-A')).toBe(0);
  });

  it('are of a second with ten digits at most', () => {
    expect(ordersOfSecond(0).first).toBe('0000000000000');
    expect(ordersOfSecond(9_999_999_999).last).toBe('9999999999999');
    for (const second of [-1, 10_000_000_000, 1.5])
      expect(() => ordersOfSecond(second)).toThrow('Time of sending is no epoch second');
  });

  it('are of no second where there is none', () => {
    expect([isOfSecond('', 0), isOfSecond('0000000000999', 0)]).toEqual([false, true]);
  });
});
