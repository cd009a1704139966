import { logger, type Presence } from '@top-active/aws';
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
import { ownEmail, provePresence, type LoggedInCaller } from './prove-presence.ts';

const issuer = 'Top Active WhatsApp';

/** By the profile's address, which only the user's own tenant can read. @throws {AppError} `not_found` without one */
export async function hasSecondFactor(
  { userId }: LoggedInCaller,
  { tenants, secondFactor }: AuthDeps,
): Promise<boolean> {
  return secondFactor.isOn(await ownEmail(userId, tenants));
}

/**
 * The first step: a secret for the authenticator app.
 * @throws {AppError} `conflict` where it is on already, and those of `provePresence`
 */
export async function beginSecondFactor(
  { password }: BeginSecondFactorRequest,
  caller: LoggedInCaller,
  deps: AuthDeps,
): Promise<AuthenticatorKey> {
  const { email, presence } = await provePresence(caller, deps, (of) =>
    deps.secondFactor.present({ email: of, password }),
  );
  // A new secret would take the old one away before the new one is confirmed.
  const secret = await during(presence, ({ newSecret }) => newSecret());
  return { secret, uri: authenticatorUri({ secret, email }) };
}

/** The second step. @throws {AppError} `invalid_code`, `conflict`, and those of `provePresence` */
export async function confirmSecondFactor(
  { password, code }: ConfirmSecondFactorRequest,
  caller: LoggedInCaller,
  deps: AuthDeps,
): Promise<void> {
  const { address, userId } = caller;
  const limits = authLimitKeys({ action: 'confirm-second-factor', address, account: userId });
  await countAttempt(deps.limiter, limits);
  const { presence } = await provePresence(caller, deps, (email) => deps.secondFactor.present({ email, password }));
  await during(presence, ({ switchOn }) => switchOn(code));
  await deps.limiter.succeeded(limits);
  logger.info('Second factor switched on');
}

/** @throws {AppError} `conflict` where the second factor is on already, and what `work` throws */
async function during<T>(presence: Presence | undefined, work: (presence: Presence) => Promise<T>): Promise<T> {
  if (!presence)
    throw new AppError('conflict', {
      detail: 'The second factor is on already.',
      remedy: 'Switch it off first, with password and code.',
    });
  try {
    return await work(presence);
  } finally {
    await presence.end();
  }
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
  await deps.secondFactor.switchOff(userId);
  logger.info('Second factor switched off');
}

/** https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
function authenticatorUri({ secret, email }: { secret: string; email: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(email)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}
