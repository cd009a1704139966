import { setTimeout as sleep } from 'node:timers/promises';

/** Waits before round `round` (1, 2, …) of a retry: a random part of 10, 20, 40, … ms up to `capMs`. */
export async function backOff(round: number, capMs = 250): Promise<void> {
  await sleep(Math.random() * Math.min(capMs, 10 * 2 ** Math.min(round - 1, 20)));
}
