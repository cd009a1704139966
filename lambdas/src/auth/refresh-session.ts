import type { Tokens } from '@top-active/aws';
import { authLimitKeys } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps, Caller } from './auth-deps.ts';

/** @throws {AppError} `session_expired`, `too_many_attempts` */
export async function refreshSession(
  refreshToken: string | undefined,
  caller: Caller,
  deps: AuthDeps,
): Promise<Tokens> {
  if (!refreshToken) throw new AppError('session_expired', { detail: 'There is no session in this browser.' });
  const limits = authLimitKeys({ action: 'refresh', address: caller.address });
  await countAttempt(deps.limiter, limits);
  const tokens = await deps.identity.refresh(refreshToken);
  await deps.limiter.succeeded(limits);
  return tokens;
}
