import type { ForgotPasswordRequest, ForgotPasswordResponse } from '@top-active/core/contracts';
import { authLimitKeys, resetMailKey } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps, Caller } from './auth-deps.ts';
import { padDuration } from './pad-duration.ts';

/** Longer than the user pool takes to send a code, or to pretend so. */
const stepMs = 1500;

/**
 * Mails a code for a new password, or leaves it at those mailed within the hour, whoever asked for them. Neither the
 * answer nor its time tells whether the e-mail has an account.
 * @throws {AppError} `too_many_attempts`, `mail_unavailable`
 */
export async function forgotPassword(
  { email }: ForgotPasswordRequest,
  { address }: Caller,
  { limiter, passwordReset }: AuthDeps,
): Promise<ForgotPasswordResponse> {
  await countAttempt(limiter, authLimitKeys({ action: 'forgot-password', address, account: email }));
  return padDuration(stepMs, async () => {
    const { allowed } = await limiter.attempt([resetMailKey(email)]);
    return allowed ? passwordReset.ask(email) : passwordReset.askAgain(email);
  });
}
