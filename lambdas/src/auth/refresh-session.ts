import { logger, type Tokens } from '@top-active/aws';
import { authLimitKeys } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { countAttempt } from '../http/attempts.ts';
import type { AuthDeps, Caller, LoggedIn } from './auth-deps.ts';
import { endLogin } from './end-logins.ts';
import { readLoginCookie, type LoginCookie } from './login-cookie.ts';

/** @throws {AppError} `session_expired`, `too_many_attempts` */
export async function refreshSession(cookie: string | undefined, caller: Caller, deps: AuthDeps): Promise<LoggedIn> {
  const login = readLoginCookie(cookie);
  if (!login) throw new AppError('session_expired', { detail: 'There is no session in this browser.' });
  const limits = authLimitKeys({ action: 'refresh', address: caller.address });
  await countAttempt(deps.limiter, limits);
  const tokens = await exchange(login, deps);
  await deps.limiter.succeeded(limits);
  return { ...tokens, proof: login.proof };
}

async function exchange(login: LoginCookie, deps: AuthDeps): Promise<Tokens> {
  const { userId, sessionId, refreshToken } = login;
  const { logins } = await deps.tenants.for(userId);
  const found = await logins.prove(login);
  if (!found || found.endedAt !== undefined) throw new AppError('session_expired');
  const tokens = await deps.identity.refresh(refreshToken);
  if (tokens === 'reused') {
    await endFamily(login, deps);
    throw new AppError('session_expired');
  }
  // Another's tokens under this login's name, or the login ended just now.
  const isSame = tokens.userId === userId && tokens.sessionId === sessionId;
  if (isSame && (await logins.noteSeen(sessionId))) return tokens;
  await deps.identity.revoke(tokens.refreshToken);
  throw new AppError('session_expired');
}

/**
 * A refresh token that was replaced is used again: two have it, and nobody can tell which of them is the owner. The
 * login ends for both, and the owner is told at the next one.
 */
async function endFamily({ userId, sessionId, refreshToken }: LoginCookie, deps: AuthDeps): Promise<void> {
  const { tenants, realtime, identity } = deps;
  const tenant = await tenants.for(userId);
  await endLogin({ sessionId, why: 'reuse' }, { tenant, realtime });
  logger.warn('Login ended: a refresh token was used again that had been replaced');
  await tenant.profile.noteMisuse();
  await identity.revoke(refreshToken);
}
