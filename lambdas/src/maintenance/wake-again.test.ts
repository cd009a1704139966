import type { Tenants } from '@top-active/aws';
import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import { aCommandRecord } from '@top-active/aws/test-support/records';
import { beforeEach, expect, it } from 'vitest';
import { wakeAgain } from './wake-again.ts';

const now = Date.parse('2026-11-30T12:00:00.000Z');
const secondsAgo = (seconds: number) => new Date(now - seconds * 1000).toISOString();

/** Placed users by shard, and when each one's open commands were made, oldest first. `null`: cannot be looked at. */
let shards: Record<string, number[] | null>[];
let woken: unknown[];
beforeEach(() => {
  woken = [];
});

function run(): Promise<number> {
  const open = new Map(shards.flatMap((users) => Object.entries(users)));
  const commandsOf = async (userId: string) => {
    const ages = open.get(userId);
    if (!ages) throw new Error('Throttled');
    return ages.map((age, index) => aCommandRecord({ id: `${userId}-${index}`, createdAt: secondsAgo(age) }));
  };
  const tenants = {
    for: async (userId: string) => partOfTenant({ commands: { open: () => commandsOf(userId) } }),
  } as unknown as Tenants;
  const placements = {
    list: (shard: number) => Promise.resolve(Object.keys(shards[shard] ?? {})),
  } as unknown as Parameters<typeof wakeAgain>[0]['placements'];
  const wakeQueue = {
    wake: (userId: string, commandId: string, options: object = {}) => {
      woken.push({ userId, commandId, ...options });
      return Promise.resolve();
    },
  };
  return wakeAgain({ placements, tenants, wakeQueue, shards: shards.length, now: () => now });
}

it('wakes the hosts of all shards for commands older than a minute, once for each user, by the oldest', async () => {
  shards = [{ ana: [61, 30], bia: [60], cai: [] }, { eva: [3600] }];
  expect(await run()).toBe(2);
  expect(woken).toEqual([
    { userId: 'ana', commandId: 'ana-0', again: true },
    { userId: 'eva', commandId: 'eva-0', again: true },
  ]);
});

it('goes on when one user cannot be looked at', async () => {
  shards = [{ ana: [61], bia: null, cai: [61] }];
  expect(await run()).toBe(2);
  expect(woken).toMatchObject([{ userId: 'ana' }, { userId: 'cai' }]);
});
