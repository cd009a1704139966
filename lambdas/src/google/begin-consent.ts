import { randomBytes } from 'node:crypto';
import type { Identity } from '../http/http-env.ts';
import type { GoogleDeps } from './google-deps.ts';

/**
 * Makes a consent that only this user, in this browser, can end, once, within ten minutes.
 * `browser` is the nonce for the browser's cookie.
 */
export async function beginConsent(
  { userId, sessionId }: Identity,
  deps: GoogleDeps,
): Promise<{ url: string; browser: string }> {
  const tenant = await deps.tenants.for(userId);
  const state = `${userId}.${randomBytes(32).toString('base64url')}`;
  const browser = randomBytes(32).toString('base64url');
  const { url, verifier } = await deps.oauth.consent(state);
  await tenant.oauthStates.create({ state, verifier, browser, redirect: deps.redirectUri, sessionId });
  return { url, browser };
}
