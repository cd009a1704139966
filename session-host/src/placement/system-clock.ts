import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './lease-keeper.ts';

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  sleep: (ms, signal) =>
    delay(Math.max(0, ms), undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }),
};
