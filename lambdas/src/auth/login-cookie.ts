import type { UserId } from '@top-active/core/contracts';
import { userIdSchema } from '@top-active/core/contracts';

/**
 * What the refresh cookie carries. A refresh token says nothing about its owner, so the cookie says whose login it is,
 * with a proof that only the login's own browser got.
 */
export interface LoginCookie {
  userId: UserId;
  sessionId: string;
  proof: string;
  refreshToken: string;
}

export function writeLoginCookie({ userId, sessionId, proof, refreshToken }: LoginCookie): string {
  return [userId, sessionId, proof, refreshToken].join('.');
}

/** Undefined: it is no cookie of ours. What it claims, the login's item has to confirm. */
export function readLoginCookie(cookie: string | undefined): LoginCookie | undefined {
  // A refresh token has dots of its own.
  const [, user, sessionId, proof, refreshToken] = /^([^.]+)\.([^.]+)\.([\w-]{43})\.(.+)$/.exec(cookie ?? '') ?? [];
  const userId = userIdSchema.safeParse(user);
  if (!userId.success || !sessionId || !proof || !refreshToken) return undefined;
  return { userId: userId.data, sessionId, proof, refreshToken };
}
