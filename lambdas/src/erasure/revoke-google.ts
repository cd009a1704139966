import { logger, type Tenant } from '@top-active/aws';
import { EnvelopeError } from '@top-active/core/crypto';
import { googleFailureOf } from '../google/google-failure.ts';
import type { GoogleOAuth } from '../google/google-oauth.ts';
import { readGrant } from '../google/grant.ts';

/**
 * Withdraws the owner's consent at Google. False: Google couldn't be told, and may be later. A token that can't be read
 * any more can't be used by anybody either.
 */
export async function revokeGoogle(tenant: Tenant, oauth: Pick<GoogleOAuth, 'revoke'>): Promise<boolean> {
  const grant = await readGrant(tenant).catch((error: unknown) => {
    if (error instanceof EnvelopeError) return undefined;
    throw error;
  });
  if (!grant) return true;
  try {
    await oauth.revoke(grant.refreshToken);
    return true;
  } catch (error) {
    const failure = googleFailureOf(error);
    if (failure === undefined) throw error;
    logger.warn('Google refused the revocation', { failure }, error);
    return failure !== 'busy' && failure !== 'unreachable';
  }
}
