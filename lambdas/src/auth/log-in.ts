import type { Tokens } from '@top-active/aws';
import type { LoginRequest } from '@top-active/core/contracts';
import { authLimitKeys } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps, Caller } from './auth-deps.ts';
import { evenTimeOfFailure } from './even-time.ts';

const stepMs = 500;

/** @throws {AppError} `invalid_credentials`, `account_not_confirmed`, `too_many_attempts` */
export async function logIn(request: LoginRequest, caller: Caller, deps: AuthDeps): Promise<Tokens> {
  const limits = authLimitKeys({ action: 'login', address: caller.address, account: request.email });
  await countAttempt(deps.limiter, limits);
  const tokens = await evenTimeOfFailure(stepMs, () => deps.identity.login(request));
  await deps.limiter.succeeded(limits);
  await makeUpForLostProfile(request.email, tokens, deps);
  return tokens;
}

/** Confirming an e-mail and writing the profile are two steps: whoever was cut off between them gets a profile here. */
async function makeUpForLostProfile(email: string, { userId }: Tokens, { tenants }: AuthDeps): Promise<void> {
  const tenant = await tenants.for(userId);
  if (await tenant.profile.get()) return;
  await tenant.profile.create({ email, name: email.replace(/@.*/, ''), locale: 'pt-BR' });
}
