import type { UserId } from '@top-active/core/contracts';
import { secondFactorLimitKeys } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps } from './auth-deps.ts';

/**
 * Before a code of the second factor is tried, by who has given the right password: counted for the account, whatever
 * the address.
 * @throws {AppError} `too_many_attempts`
 */
export function countCode(userId: UserId, { limiter }: Pick<AuthDeps, 'limiter'>): Promise<void> {
  return countAttempt(limiter, secondFactorLimitKeys(userId));
}
