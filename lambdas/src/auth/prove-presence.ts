import type { UserId } from '@top-active/core/contracts';
import { presenceLimitKeys } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps, Caller } from './auth-deps.ts';
import { padFailure } from './pad-duration.ts';

export interface LoggedInCaller extends Caller {
  userId: UserId;
}

const stepMs = 500;

/**
 * Lets only somebody pass who knows what the owner of this login knows; `prove` asks the user pool. Guesses count
 * against strangers at the login too.
 * @throws {AppError} `invalid_credentials`, `too_many_attempts`, `not_found` without a profile, and those of `prove`
 */
export async function provePresence<Proof extends { userId: UserId }>(
  { userId }: Pick<LoggedInCaller, 'userId'>,
  { tenants, limiter }: AuthDeps,
  prove: (email: string) => Promise<Proof>,
): Promise<Proof & { email: string }> {
  const email = await ownEmail(userId, tenants);
  const limits = presenceLimitKeys({ userId, account: email });
  await countAttempt(limiter, limits);
  const proof = await padFailure(stepMs, () => prove(email));
  if (proof.userId !== userId) throw new AppError('invalid_credentials');
  await limiter.succeeded(limits);
  return { ...proof, email };
}

/** @throws {AppError} `not_found` without a profile */
export async function ownEmail(userId: UserId, tenants: AuthDeps['tenants']): Promise<string> {
  const me = await (await tenants.for(userId)).profile.get();
  if (!me) throw new AppError('not_found', { detail: 'You have no profile yet.', remedy: 'Log in again.' });
  return me.email;
}
