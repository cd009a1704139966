import { logger } from '@top-active/aws';
import type { AuthDeps } from './auth-deps.ts';
import { endLogin } from './end-logins.ts';
import { readLoginCookie } from './login-cookie.ts';

/**
 * Ends the login on all of its tabs, at once: refresh token, access tokens and WebSockets. Without a session nothing
 * happens.
 */
export async function logOut(cookie: string | undefined, { identity, tenants, realtime }: AuthDeps): Promise<void> {
  const login = readLoginCookie(cookie);
  if (!login) return;
  const { userId, sessionId, refreshToken } = login;
  const tenant = await tenants.for(userId);
  if (!(await tenant.logins.prove(login))) return;
  await endLogin({ sessionId, why: 'logout' }, { tenant, realtime });
  await identity.revoke(refreshToken);
  logger.info('Logged out');
}
