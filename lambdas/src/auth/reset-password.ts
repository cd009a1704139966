import { logger } from '@top-active/aws';
import type { ResetPasswordRequest, UserId } from '@top-active/core/contracts';
import { resetCodeLimitKeys, resetMailKey, unlockKey } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import { cutOff } from '../realtime/cut-off.ts';
import type { AuthDeps, Guest } from './auth-deps.ts';
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
  await shutOut(userId, deps).catch((error: unknown) =>
    logger.warn('WebSockets were not closed at once; they end within two hours', {}, error),
  );
}

async function change(request: ResetPasswordRequest, { passwordReset }: AuthDeps): Promise<UserId> {
  try {
    return await passwordReset.change(request);
  } catch (error) {
    throw nameWeakness(error);
  }
}

/** No refresh token works any more; now the WebSockets go, and no new one opens for the logins that had one. */
async function shutOut(userId: UserId, { tenants, realtime }: AuthDeps): Promise<void> {
  const tenant = await tenants.for(userId);
  const connections = await tenant.connections.list();
  const logins = new Set(connections.map(({ sessionId }) => sessionId));
  await Promise.all([...logins].map((sessionId) => tenant.connections.endSession(sessionId)));
  await cutOff(await tenant.connections.list(), { tenant, realtime });
}
