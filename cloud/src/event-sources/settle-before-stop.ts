import { setTimeout as pause } from 'node:timers/promises';

const stopWithinMs = 10_000;

/** Waits until all is done, however it ended, but not for ever. */
export async function settleBeforeStop(work: Iterable<Promise<unknown>>): Promise<void> {
  await Promise.race([Promise.allSettled(work), pause(stopWithinMs, undefined, { ref: false })]);
}
