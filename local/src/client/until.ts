import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
  /** What is waited for, for the error: "the QR code". */
  what: string;
  timeoutMs: number;
  everyMs?: number | undefined;
}

/**
 * Asks again and again until there is an answer.
 * @throws Error naming what was waited for, and the last error of asking, when the time is up.
 */
export async function until<T>(
  ask: () => Promise<T | undefined>,
  { what, timeoutMs, everyMs = 50 }: UntilOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await pause(everyMs);
  }
  throw new Error(`${what} did not come within ${timeoutMs} ms`, { cause: lastError });
}
