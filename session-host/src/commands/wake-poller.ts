import { setTimeout as delay } from 'node:timers/promises';
import type { UserId } from '@top-active/core/contracts';
import type { Log, WakeReceiver } from '@top-active/aws';

const pauseAfterFailureMs = 2_000;

/**
 * Listens to one shard's queue until `signal` ends it. A wake is done once it is passed on: the command item is the
 * truth, and is found again at the next start whatever becomes of this host.
 */
export async function pollWakes({
  receiver,
  onWake,
  log,
  signal,
}: {
  receiver: WakeReceiver;
  onWake: (userId: UserId) => void;
  log: Log;
  signal: AbortSignal;
}): Promise<void> {
  while (!signal.aborted) {
    try {
      const wakes = await receiver.receive({ signal });
      for (const { wake } of wakes) onWake(wake.userId);
      await Promise.all(wakes.map(({ receiptHandle }) => receiver.done(receiptHandle)));
    } catch (error) {
      if (signal.aborted) return;
      log.warn('The wake queue could not be read', {}, error);
      // It rejects only when the host stops.
      await delay(pauseAfterFailureMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
