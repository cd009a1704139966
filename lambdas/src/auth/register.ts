import type { RegisterRequest, RegisterResponse } from '@top-active/core/contracts';
import { authLimitKeys } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps, Caller } from './auth-deps.ts';
import { padDuration } from './pad-duration.ts';
import { nameWeakness, requireStrength } from './weak-password.ts';

/** Longer than the user pool takes for any of the ways that a registration can go. */
const stepMs = 1500;

/**
 * Begins a registration. Neither the answer nor its time tells whether the e-mail has an account.
 * @throws {AppError} `weak_password`, `too_many_attempts`
 */
export async function register(request: RegisterRequest, caller: Caller, deps: AuthDeps): Promise<RegisterResponse> {
  await requireStrength(request.password, request);
  await countAttempt(
    deps.limiter,
    authLimitKeys({ action: 'register', address: caller.address, account: request.email }),
  );
  try {
    return await padDuration(stepMs, () => deps.identity.signUp(request));
  } catch (error) {
    throw nameWeakness(error);
  }
}
