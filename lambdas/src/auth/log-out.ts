import { logger, type Tokens } from '@top-active/aws';
import { AppError } from '@top-active/core/errors';
import { cutOff } from '../realtime/cut-off.ts';
import type { AuthDeps } from './auth-deps.ts';

/** Ends the login on all of its tabs, and cuts off its WebSockets at once. Without a session nothing happens. */
export async function logOut(refreshToken: string | undefined, deps: AuthDeps): Promise<void> {
  if (!refreshToken) return;
  const tokens = await lastTokens(refreshToken, deps);
  await deps.identity.revoke(tokens?.refreshToken ?? refreshToken);
  if (tokens) await disconnect(tokens, deps);
}

/** A refresh token says nothing about its owner: only the tokens that it is exchanged for do. */
async function lastTokens(refreshToken: string, { identity }: AuthDeps): Promise<Tokens | undefined> {
  try {
    return await identity.refresh(refreshToken);
  } catch (error) {
    if (error instanceof AppError && error.code === 'session_expired') return undefined;
    throw error;
  }
}

async function disconnect({ userId, sessionId }: Tokens, { tenants, realtime }: AuthDeps): Promise<void> {
  const tenant = await tenants.for(userId);
  const connections = await tenant.connections.endSession(sessionId);
  await cutOff(connections, { tenant, realtime });
  logger.info('Logged out', { connections: connections.length });
}
