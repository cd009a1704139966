import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOut, type Sharer } from './shares.ts';

const host = (hostId: string, held: number, more: Partial<Sharer> = {}): Sharer => ({
  hostId,
  held,
  capacity: 50,
  version: 'one',
  versionSince: 0,
  ...more,
});
const shares = (shards: number, hosts: Sharer[]) => Object.fromEntries(shareOut(shards, hosts));

describe('shares', () => {
  it('are everything for a single host, and as even as can be for several, with what is left where most is', () => {
    expect(shares(16, [host('a', 0)])).toEqual({ a: 16 });
    expect(shares(16, [host('a', 16), host('b', 0)])).toEqual({ a: 8, b: 8 });
    expect(shares(16, [host('a', 5), host('b', 6), host('c', 5)])).toEqual({ a: 5, b: 6, c: 5 });
  });

  it('are those of the newest version alone, when that can hold as much as the older', () => {
    const newer = { version: 'two', versionSince: 9 };
    expect(shares(4, [host('a', 4), host('b', 0, newer)])).toEqual({ a: 0, b: 4 });
    expect(shares(4, [host('a', 2), host('b', 2), host('c', 0, newer)])).toEqual({ a: 2, b: 1, c: 1 });
    expect(shares(4, [host('a', 2), host('b', 2), host('c', 0, { ...newer, capacity: 100 })])).toEqual({
      a: 0,
      b: 0,
      c: 4,
    });
  });

  it('always add up, differ by one at most, and stay as they are once they are reached', () => {
    const hosts = fc.uniqueArray(fc.record({ hostId: fc.string(), held: fc.nat(20) }), {
      minLength: 1,
      maxLength: 6,
      selector: ({ hostId }) => hostId,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), hosts, (shards, some) => {
        const sharers = some.map(({ hostId, held }) => host(hostId, held));
        const first = shareOut(shards, sharers);
        const counts = [...first.values()];
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(shards);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        const reached = sharers.map((each) => ({ ...each, held: first.get(each.hostId) ?? 0 }));
        expect(shareOut(shards, reached)).toEqual(first);
      }),
    );
  });
});
