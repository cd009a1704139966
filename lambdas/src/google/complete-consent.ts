import { logger } from '@top-active/aws';
import { userIdSchema, type GoogleOutcome } from '@top-active/core/contracts';
import type { GoogleDeps } from './google-deps.ts';
import type { Grant } from './google-oauth.ts';
import { sealableGrant } from './grant.ts';
import { freeBusyScope } from './scopes.ts';

export interface ConsentAnswer {
  state?: string | undefined;
  code?: string | undefined;
  /** `access_denied` and others, as Google writes them. */
  error?: string | undefined;
  /** Nonce of the browser's cookie. */
  browser?: string | undefined;
}

/** Ends a consent. Only `connected` stores anything. */
export async function completeConsent(answer: ConsentAnswer, deps: GoogleDeps): Promise<GoogleOutcome> {
  const { state, code, error, browser } = answer;
  const userId = userIdSchema.safeParse(state?.split('.')[0]);
  if (!userId.success || !state || !browser) return 'invalid_state';
  const tenant = await deps.tenants.for(userId.data);
  const begun = await tenant.oauthStates.consume({ state, browser });
  // Google sends the browser back up to ten minutes later: the login may be over by then.
  if (!begun || !(await tenant.logins.isLive(begun.sessionId))) return 'invalid_state';
  if (error) return error === 'access_denied' ? 'denied' : 'failed';
  const grant = code && (await exchange(code, begun.verifier, deps));
  if (!grant) return 'failed';
  // Google lets people untick single permissions. Without this one there is nothing that the app could do.
  if (!grant.scopes.includes(freeBusyScope)) {
    // Google revokes by account: what is connected already would be lost with it.
    if (!(await tenant.credentials.get('google'))) await giveBack(grant, deps);
    return 'denied';
  }
  await tenant.credentials.put({
    provider: 'google',
    hint: grant.email,
    scopes: grant.scopes,
    simulated: deps.simulated,
    secret: sealableGrant(grant.refreshToken),
  });
  return 'connected';
}

async function exchange(code: string, verifier: string, { oauth }: GoogleDeps): Promise<Grant | undefined> {
  try {
    return await oauth.exchange(code, verifier);
  } catch (error) {
    logger.warn('Google refused the authorization code', {}, error);
    return undefined;
  }
}

async function giveBack(grant: Grant, { oauth }: GoogleDeps): Promise<void> {
  try {
    await oauth.revoke(grant.refreshToken);
  } catch (error) {
    logger.warn('A grant that is of no use could not be given back', {}, error);
  }
}
