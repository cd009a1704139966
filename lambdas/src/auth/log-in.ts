import type { Tokens } from '@top-active/aws';
import type { LoginCodeRequest, LoginRequest, SecondFactorWanted } from '@top-active/core/contracts';
import { authLimitKeys, loginLimitKeys, passwordGuessKey, secondFactorLimitKeys } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps, Guest, LoggedIn } from './auth-deps.ts';
import { countCode } from './count-code.ts';
import { padFailure } from './pad-duration.ts';

const stepMs = 500;

/** Where the device is one that the account knows, strangers can't keep it waiting. */
async function limitsOf({ email }: { email: string }, { address, deviceOf }: Guest, { knownDevices }: AuthDeps) {
  return loginLimitKeys({ address, account: email, device: await knownDevices.recognize(email, deviceOf(email)) });
}

/** @throws {AppError} `invalid_credentials`, `account_locked`, `too_many_attempts` */
export async function logIn(
  request: LoginRequest,
  caller: Guest,
  deps: AuthDeps,
): Promise<LoggedIn | SecondFactorWanted> {
  const limits = await limitsOf(request, caller, deps);
  await countAttempt(deps.limiter, limits);
  const answer = await padFailure(stepMs, () => deps.identity.login(request));
  if (!('accessToken' in answer)) {
    // Half a login is no success yet, but the password was right.
    await deps.limiter.succeeded([passwordGuessKey(request.email)]);
    return answer;
  }
  await deps.limiter.succeeded(limits);
  return begin(request.email, answer, deps);
}

/**
 * The second step, where a second factor is on. @throws {AppError} `invalid_code`, `expired_code`, `too_many_attempts`
 */
export async function logInWithCode(request: LoginCodeRequest, caller: Guest, deps: AuthDeps): Promise<LoggedIn> {
  const limits = authLimitKeys({ action: 'login-code', address: caller.address, account: request.email });
  await countAttempt(deps.limiter, limits);
  const tokens = await padFailure(stepMs, () =>
    deps.identity.loginWithCode(request, (userId) => countCode(userId, deps)),
  );
  await deps.limiter.succeeded([
    ...limits,
    ...(await limitsOf(request, caller, deps)),
    ...secondFactorLimitKeys(tokens.userId),
  ]);
  return begin(request.email, tokens, deps);
}

async function begin(email: string, tokens: Tokens, { tenants }: AuthDeps): Promise<LoggedIn> {
  const tenant = await tenants.for(tokens.userId);
  const { proof } = await tenant.logins.begin(tokens);
  // Confirming an e-mail and writing the profile are two steps: whoever was cut off between them gets a profile here.
  if (!(await tenant.profile.get()))
    await tenant.profile.create({ email, name: email.replace(/@.*/, ''), locale: 'pt-BR' });
  return { ...tokens, proof };
}
