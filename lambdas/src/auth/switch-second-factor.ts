import { logger } from '@top-active/aws';
import type {
  AuthenticatorKey,
  BeginSecondFactorRequest,
  ConfirmSecondFactorRequest,
  EndSecondFactorRequest,
} from '@top-active/core/contracts';
import { authLimitKeys, secondFactorLimitKeys } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps } from './auth-deps.ts';
import { countCode } from './count-code.ts';
import { provePresence, type LoggedInCaller } from './prove-presence.ts';

const issuer = 'Top Active WhatsApp';

/**
 * The first step: a secret for the authenticator app.
 * @throws {AppError} `conflict` where it is on already, and those of `provePresence`
 */
export async function beginSecondFactor(
  { password }: BeginSecondFactorRequest,
  caller: LoggedInCaller,
  deps: AuthDeps,
): Promise<AuthenticatorKey> {
  const { email, secondFactor } = await provePresence(caller, deps, (of) =>
    deps.identity.provePassword({ email: of, password }),
  );
  // A new secret would take the old one away before the new one is confirmed.
  if (secondFactor)
    throw new AppError('conflict', {
      detail: 'The second factor is on already.',
      remedy: 'Switch it off first, with password and code.',
    });
  const secret = await deps.secondFactor.newSecret(caller.accessToken);
  return { secret, uri: authenticatorUri({ secret, email }) };
}

/** The second step. @throws {AppError} `invalid_code`, `session_expired`, `too_many_attempts` */
export async function confirmSecondFactor(
  { code }: ConfirmSecondFactorRequest,
  { address, userId, accessToken }: LoggedInCaller,
  { limiter, secondFactor }: AuthDeps,
): Promise<void> {
  const limits = authLimitKeys({ action: 'confirm-second-factor', address, account: userId });
  await countAttempt(limiter, limits);
  await secondFactor.switchOn(accessToken, code);
  await limiter.succeeded(limits);
  logger.info('Second factor switched on');
}

/**
 * @throws {AppError} `invalid_code`, `expired_code`, `too_many_attempts`, `session_expired`, and those of
 * `provePresence`
 */
export async function endSecondFactor(
  { password, code }: EndSecondFactorRequest,
  caller: LoggedInCaller,
  deps: AuthDeps,
): Promise<void> {
  const { refreshToken, userId } = await provePresence(caller, deps, (email) =>
    deps.identity.loginWithBoth({ email, password, code }, (of) => countCode(of, deps)),
  );
  await deps.limiter.succeeded(secondFactorLimitKeys(userId));
  // That login was for the proof alone.
  await deps.identity.revoke(refreshToken);
  await deps.secondFactor.switchOff(caller.accessToken);
  logger.info('Second factor switched off');
}

/** https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
function authenticatorUri({ secret, email }: { secret: string; email: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(email)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}
