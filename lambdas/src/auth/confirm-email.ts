import type { ConfirmRequest } from '@top-active/core/contracts';
import { authLimitKeys } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps, Caller, LoggedIn } from './auth-deps.ts';
import { padFailure } from './pad-duration.ts';

const stepMs = 500;

/**
 * Ends a registration with the code from the e-mail: the user exists, has a profile, and is logged in.
 * @throws {AppError} `invalid_code`, `expired_code`, `account_exists`, `too_many_attempts`
 */
export async function confirmEmail(request: ConfirmRequest, caller: Caller, deps: AuthDeps): Promise<LoggedIn> {
  const limits = authLimitKeys({ action: 'confirm', address: caller.address, account: request.email });
  await countAttempt(deps.limiter, limits);
  const { userId, name, locale, tokens } = await padFailure(stepMs, () => deps.identity.confirm(request));
  await deps.limiter.succeeded(limits);
  const tenant = await deps.tenants.for(userId);
  await tenant.profile.create({ email: request.email, name, locale });
  const login = tokens();
  return { ...login, ...(await tenant.logins.begin(login)) };
}
