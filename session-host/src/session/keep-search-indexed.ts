import type { Log, Tenant } from '@top-active/aws';
import { systemClock } from '../placement/system-clock.ts';

/** Often enough that a search has little to look through by itself, seldom enough to cost next to nothing. */
const indexEveryMs = 10 * 60_000;

/**
 * Takes what came into each user's search index from time to time, one user after the other. Ends with the signal.
 * A user of whom it fails is tried again the next time: searches find everything meanwhile, more slowly.
 */
export async function keepSearchIndexed(options: {
  tenants: () => readonly Pick<Tenant, 'userId' | 'search'>[];
  everyMs?: number | undefined;
  log: Log;
  signal: AbortSignal;
}): Promise<void> {
  const { tenants, everyMs = indexEveryMs, log, signal } = options;
  while (!signal.aborted) {
    await systemClock.sleep(everyMs, signal);
    for (const { userId, search } of tenants()) {
      if (signal.aborted) return;
      try {
        await search.index();
      } catch (error) {
        log.warn('Messages were not indexed for search', { userId }, error);
      }
    }
  }
}
