import { beforeEach, expect, it } from 'vitest';
import { careForPool, type CareDeps } from './care-for-pool.ts';

const now = Date.UTC(2026, 11, 1, 12);
const hoursAgo = (hours: number) => new Date(now - hours * 3_600_000);

let removed: string[];
let asked: string[];
beforeEach(() => {
  removed = [];
  asked = [];
});

function depsOf(change: Partial<CareDeps> & { confirmedMeanwhile?: string[] } = {}): CareDeps {
  const { confirmedMeanwhile = [], ...deps } = change;
  return {
    poolUsers: {
      list: async () => [
        { username: 'ana', confirmed: true, createdAt: hoursAgo(100) },
        { username: 'new', confirmed: false, createdAt: hoursAgo(24.9) },
        { username: 'old', confirmed: false, createdAt: hoursAgo(25.1) },
      ],
      has: async (username) => {
        asked.push(username);
        return username === 'listed-late';
      },
      removeUnconfirmed: async (username) => {
        if (confirmedMeanwhile.includes(username)) return false;
        removed.push(username);
        return true;
      },
    },
    placements: { list: async () => [] },
    erasures: { find: async () => undefined },
    shards: 2,
    now: () => now,
    ...deps,
  };
}

it('gives up registrations an hour after their code, and no account', async () => {
  await careForPool(depsOf());
  expect(removed).toEqual(['old']);
  removed = [];
  await careForPool(depsOf({ confirmedMeanwhile: ['old'] }));
  expect(removed).toEqual([]);
});

it('asks about whoever has a session and was not listed, and knows who was erased', async () => {
  const found: string[] = [];
  await careForPool(
    depsOf({
      placements: { list: async (shard) => (shard === 0 ? ['ana', 'listed-late'] : ['erased', 'lost']) },
      erasures: {
        find: async (userId) => {
          found.push(userId);
          return userId === 'erased' ? { userId, requestedAt: '2026-11-01T00:00:00.000Z' } : undefined;
        },
      },
    }),
  );
  expect(asked).toEqual(['listed-late', 'erased', 'lost']);
  expect(found).toEqual(['erased', 'lost']);
});
