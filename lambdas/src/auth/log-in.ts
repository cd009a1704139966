import type { Tokens } from '@top-active/aws';
import type { LoginCodeRequest, LoginRequest, SecondFactorWanted } from '@top-active/core/contracts';
import { authLimitKeys, secondFactorLimitKeys } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps, Caller } from './auth-deps.ts';
import { countCode } from './count-code.ts';
import { padFailure } from './pad-duration.ts';

const stepMs = 500;
const limitsOf = (action: string, { email }: { email: string }, { address }: Caller) =>
  authLimitKeys({ action, address, account: email });

/** @throws {AppError} `invalid_credentials`, `too_many_attempts` */
export async function logIn(
  request: LoginRequest,
  caller: Caller,
  deps: AuthDeps,
): Promise<Tokens | SecondFactorWanted> {
  const limits = limitsOf('login', request, caller);
  await countAttempt(deps.limiter, limits);
  const answer = await padFailure(stepMs, () => deps.identity.login(request));
  // Half a login is no success yet.
  if (!('accessToken' in answer)) return answer;
  await deps.limiter.succeeded(limits);
  await makeUpForLostProfile(request.email, answer, deps);
  return answer;
}

/**
 * The second step, where a second factor is on. @throws {AppError} `invalid_code`, `expired_code`, `too_many_attempts`
 */
export async function logInWithCode(request: LoginCodeRequest, caller: Caller, deps: AuthDeps): Promise<Tokens> {
  const limits = limitsOf('login-code', request, caller);
  await countAttempt(deps.limiter, limits);
  const tokens = await padFailure(stepMs, () =>
    deps.identity.loginWithCode(request, (userId) => countCode(userId, deps)),
  );
  await deps.limiter.succeeded([
    ...limits,
    ...limitsOf('login', request, caller),
    ...secondFactorLimitKeys(tokens.userId),
  ]);
  await makeUpForLostProfile(request.email, tokens, deps);
  return tokens;
}

/** Confirming an e-mail and writing the profile are two steps: whoever was cut off between them gets a profile here. */
async function makeUpForLostProfile(email: string, { userId }: Tokens, { tenants }: AuthDeps): Promise<void> {
  const tenant = await tenants.for(userId);
  if (await tenant.profile.get()) return;
  await tenant.profile.create({ email, name: email.replace(/@.*/, ''), locale: 'pt-BR' });
}
