import type { ForgotPasswordRequest, ForgotPasswordResponse } from '@top-active/core/contracts';
import { authLimitKeys } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps, Caller } from './auth-deps.ts';
import { padDuration } from './pad-duration.ts';

/** Longer than the user pool takes to send a code, or to pretend so. */
const stepMs = 1500;

/**
 * Mails a code for a new password. Neither the answer nor its time tells whether the e-mail has an account.
 * @throws {AppError} `too_many_attempts`
 */
export async function forgotPassword(
  { email }: ForgotPasswordRequest,
  { address }: Caller,
  { limiter, passwordReset }: AuthDeps,
): Promise<ForgotPasswordResponse> {
  await countAttempt(limiter, authLimitKeys({ action: 'forgot-password', address, account: email }));
  return padDuration(stepMs, () => passwordReset.ask(email));
}
