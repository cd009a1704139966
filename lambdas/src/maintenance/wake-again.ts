import type { Placements, Tenants, WakeQueue } from '@top-active/aws';
import { logger, metrics } from '@top-active/aws';

const overdueMs = 60_000;

export interface WakeAgainDeps {
  placements: Placements;
  tenants: Tenants;
  wakeQueue: WakeQueue;
  shards: number;
  now: () => number;
}

/** Wakes hosts for open commands that are older than a minute: their first wake was lost, or their host died. */
export async function wakeAgain({ placements, tenants, wakeQueue, shards, now }: WakeAgainDeps): Promise<number> {
  let woken = 0;
  let notLookedAt = 0;
  let oldestMs = 0;
  for (let shard = 0; shard < shards; shard += 1) {
    for (const userId of await placements.list(shard)) {
      try {
        const tenant = await tenants.for(userId);
        const [oldest] = await tenant.commands.open();
        if (!oldest) continue;
        const ageMs = now() - Date.parse(oldest.createdAt);
        oldestMs = Math.max(oldestMs, ageMs);
        if (ageMs <= overdueMs) continue;
        // One wake makes the host look at all of the user's open commands.
        await wakeQueue.wake(userId, oldest.id, { again: true });
        woken += 1;
      } catch (error) {
        notLookedAt += 1;
        // One user's trouble must not keep the others asleep.
        logger.error('Open commands could not be looked at', {}, error);
      }
    }
  }
  metrics.emit('OldestCommand', oldestMs / 1000);
  metrics.emit('CommandsWokenAgain', woken);
  metrics.emit('UsersNotLookedAt', notLookedAt);
  return woken;
}
