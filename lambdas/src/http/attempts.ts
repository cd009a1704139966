import type { Limiter } from '@top-active/aws';
import { passwordGuesses, type LimitKey } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';

/**
 * Counts an attempt before it is made, so that guesses sent in parallel can't slip by.
 * @throws {AppError} `too_many_attempts`, or `account_locked` after wrong passwords, with the seconds to wait
 */
export async function countAttempt(limiter: Limiter, keys: readonly LimitKey[]): Promise<void> {
  const answer = await limiter.attempt(keys);
  if (answer.allowed) return;
  const seconds = Math.max(1, Math.ceil(answer.retryAfterSeconds));
  if (answer.by === passwordGuesses) throw new AppError('account_locked', { retryAfter: seconds });
  throw new AppError('too_many_attempts', {
    detail: `There were too many attempts in a short time. Wait ${seconds} s.`,
    retryAfter: seconds,
  });
}
