import { logger } from '@top-active/aws';
import type { ResetPasswordRequest, UserId } from '@top-active/core/contracts';
import { resetCodeLimitKeys, resetMailKey, unlockKey } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps, Guest } from './auth-deps.ts';
import { endAllLogins } from './end-logins.ts';
import { padFailure } from './pad-duration.ts';
import { nameWeakness, requireStrength } from './weak-password.ts';

const stepMs = 500;

/**
 * Sets a new password with the code from the e-mail, and throws out whoever is logged in.
 * @throws {AppError} `invalid_code`, `expired_code`, `weak_password`, `too_many_attempts`
 */
export async function resetPassword(
  request: ResetPasswordRequest,
  { address, deviceOf }: Guest,
  deps: AuthDeps,
): Promise<void> {
  await requireStrength(request.password, request);
  const { email } = request;
  const device = await deps.knownDevices.recognize(email, deviceOf(email));
  const limits = resetCodeLimitKeys({ address, account: email, device });
  await countAttempt(deps.limiter, limits);
  const userId = await padFailure(stepMs, () => change(request, deps));
  // A lock ends with the password that was guessed at.
  await deps.limiter.succeeded([...limits, unlockKey(email), resetMailKey(email)]);
  logger.info('Password reset');
  // Not before, and not left to chance: who knew the old password is out, with whatever token.
  const tenant = await deps.tenants.for(userId);
  await endAllLogins('new_password', { tenant, realtime: deps.realtime });
}

async function change(request: ResetPasswordRequest, { passwordReset }: AuthDeps): Promise<UserId> {
  try {
    return await passwordReset.change(request);
  } catch (error) {
    throw nameWeakness(error);
  }
}
