import { setTimeout as pause } from 'node:timers/promises';

/**
 * Delays the end of work to the next multiple of `stepMs`, whether it succeeds or fails, so that its duration doesn't
 * reveal what happened inside.
 */
export async function padDuration<T>(stepMs: number, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  try {
    return await work();
  } finally {
    await pause(untilNextStep(begin, stepMs));
  }
}

/** The same for failures only: a success returns at once. */
export async function padFailure<T>(stepMs: number, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  try {
    return await work();
  } catch (error) {
    await pause(untilNextStep(begin, stepMs));
    throw error;
  }
}

function untilNextStep(begin: number, stepMs: number): number {
  const spent = performance.now() - begin;
  return Math.max(1, Math.ceil(spent / stepMs)) * stepMs - spent;
}
