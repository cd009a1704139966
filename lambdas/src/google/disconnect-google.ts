import { logger } from '@top-active/aws';
import type { UserId } from '@top-active/core/contracts';
import type { GoogleDeps } from './google-deps.ts';
import { googleFailureOf } from './google-failure.ts';
import { readGrant } from './grant.ts';

/** Revokes the consent and forgets it. It is forgotten even when Google can't be told. */
export async function disconnectGoogle(userId: UserId, { tenants, oauth }: GoogleDeps): Promise<void> {
  const tenant = await tenants.for(userId);
  const grant = await readGrant(tenant);
  if (!grant) return;
  try {
    await oauth.revoke(grant.refreshToken);
  } catch (error) {
    logger.warn('Google refused the revocation', { failure: googleFailureOf(error) }, error);
  }
  await tenant.credentials.remove('google');
}
