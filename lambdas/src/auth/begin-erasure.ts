import { logger } from '@top-active/aws';
import type { EraseMeRequest, Erasure, UserId } from '@top-active/core/contracts';
import { authLimitKeys } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import { refuse } from '../http/refuse.ts';
import { cutOff } from '../realtime/cut-off.ts';
import type { AuthDeps, Caller } from './auth-deps.ts';
import { evenTimeOfFailure } from './even-time.ts';

const stepMs = 500;

/**
 * Begins the erasure of an account whose owner proves to be there by the password. Guesses count as those at the login do.
 * @throws {AppError} `invalid_credentials`, `too_many_attempts`, `not_found` without a profile
 */
export async function beginErasure(
  { password }: EraseMeRequest,
  caller: Caller & { userId: UserId },
  deps: AuthDeps,
): Promise<Erasure> {
  const { userId } = caller;
  // The first answer was lost on its way; by now there is no password any more to be compared.
  const earlier = await deps.erasures.find(userId);
  if (earlier) return { requestedAt: earlier.requestedAt };
  await provePresence(password, caller, deps);
  const { requestedAt } = await deps.erasures.request(userId);
  logger.info('Erasure begun');
  await shutOut(userId, deps).catch((error: unknown) =>
    logger.warn('The login was not ended at once; the erasure does it within a minute', {}, error),
  );
  return { requestedAt };
}

async function provePresence(
  password: string,
  { address, userId }: Caller & { userId: UserId },
  { tenants, limiter, identity }: AuthDeps,
): Promise<void> {
  const me = await (await tenants.for(userId)).profile.get();
  if (!me) throw refuse('not_found', { detail: 'You have no profile yet.', remedy: 'Log in once more.' });
  const limits = authLimitKeys({ action: 'login', address, account: me.email });
  await countAttempt(limiter, limits);
  const proven = await evenTimeOfFailure(stepMs, () => identity.login({ email: me.email, password }));
  if (proven.userId !== userId) throw refuse('invalid_credentials');
  await limiter.succeeded(limits);
}

async function shutOut(userId: UserId, { removeUser, tenants, realtime }: AuthDeps): Promise<void> {
  await removeUser(userId);
  const tenant = await tenants.for(userId);
  await cutOff(await tenant.connections.list(), { tenant, realtime });
}
