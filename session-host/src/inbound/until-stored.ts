import { setTimeout as delay } from 'node:timers/promises';
import { AppError, PermanentError } from '@top-active/core/errors';
import { FencedError, TransactionRefused, type Log } from '@top-active/aws';
import { ZodError } from 'zod';

const firstPauseMs = 200;
const longestPauseMs = 30_000;

/**
 * Repeats a write until it succeeds or `signal` ends the host. A write that the store refuses for what it is, rather
 * than for how the store fares, is logged and given up: repeating it would hold up its chat for ever.
 * @returns undefined when given up
 * @throws {FencedError} at once: another host has the user
 */
export async function untilStored<T>(
  write: () => Promise<T>,
  { what, log, signal }: { what: string; log: Log; signal: AbortSignal },
): Promise<T | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (isRefusal(error)) {
        log.error('Write refused, given up', { what }, error);
        return undefined;
      }
      if (signal.aborted || error instanceof FencedError) throw error;
      log.warn('Write failed, tried again', { what, attempt }, error);
    }
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt - 1, 10));
    await delay(pause * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

/** It failed for what it is, not for how a store or a network fares: no repetition heals it. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof AppError)
    return error.status < 500 && error.code !== 'conflict' && error.code !== 'too_many_attempts';
  // An item that DynamoDB doesn't take, however often it is told.
  if (error instanceof TransactionRefused) return !error.retryable;
  if (error instanceof PermanentError || error instanceof ZodError) return true;
  // What the engine told is of a form that no code here expects.
  if (error instanceof TypeError || error instanceof RangeError) return true;
  return error instanceof Error && error.name === 'ValidationException';
}
