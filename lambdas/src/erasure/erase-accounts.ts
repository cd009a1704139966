import { logger, withLogFields } from '@top-active/aws';
import { eraseAccount, quietMs, type ErasureProgress } from './erase-account.ts';
import type { ErasureDeps } from './erasure-deps.ts';

/** An erasure that takes longer than this is stuck, and somebody has to look. */
const overdueMs = 4 * quietMs;

/**
 * Takes every erasure under way as far as it gets, until `isTimeUp`.
 * @throws AggregateError of what failed, and of erasures that take too long, after all had their turn
 */
export async function eraseAccounts(
  deps: ErasureDeps,
  { isTimeUp }: { isTimeUp: () => boolean },
): Promise<Map<string, ErasureProgress>> {
  const progress = new Map<string, ErasureProgress>();
  const failures: unknown[] = [];
  for (const erasure of await deps.erasures.open()) {
    if (isTimeUp()) break;
    const { userId, openedAt } = erasure;
    await withLogFields({ userId }, async () => {
      try {
        const state = await eraseAccount(erasure, { deps, isTimeUp });
        progress.set(userId, state);
        logger.info('Erasure', { state });
        if (state !== 'complete' && deps.now() - Date.parse(openedAt) > overdueMs)
          failures.push(new Error(`An erasure is ${state} since ${openedAt}`));
      } catch (error) {
        logger.error('An erasure made no progress', {}, error);
        failures.push(error);
      }
    });
  }
  // The function counts as failed, which its alarm tells; the next minute goes on.
  if (failures.length > 0) throw new AggregateError(failures, 'Not every erasure got on');
  return progress;
}
