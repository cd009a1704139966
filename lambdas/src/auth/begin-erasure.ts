import { logger } from '@top-active/aws';
import type { EraseMeRequest, Erasure, UserId } from '@top-active/core/contracts';
import type { AuthDeps, Caller } from './auth-deps.ts';
import { endAllLogins } from './end-logins.ts';
import { provePresence } from './prove-presence.ts';

/**
 * Begins the erasure of an account whose owner proves to be there by the password. Guesses count as those at the login
 * do.
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
  // The password alone: who has lost the authenticator app may still leave.
  await provePresence(caller, deps, (email) => deps.identity.provePassword({ email, password }));
  const { requestedAt } = await deps.erasures.request(userId);
  logger.info('Erasure begun');
  await shutOut(userId, deps).catch((error: unknown) =>
    logger.warn('The login was not ended at once; the erasure does it within a minute', {}, error),
  );
  return { requestedAt };
}

async function shutOut(userId: UserId, { removeUser, tenants, realtime }: AuthDeps): Promise<void> {
  const tenant = await tenants.for(userId);
  await endAllLogins('erasure', { tenant, realtime });
  await removeUser(userId);
}
