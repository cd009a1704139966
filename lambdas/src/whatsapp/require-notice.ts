import type { Tenant } from '@top-active/aws';
import { hasAcceptedLinkNotice } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';

/**
 * Nobody links an account without having been told what that means. @throws {AppError} `whatsapp_notice_not_accepted`
 */
export async function requireNotice(tenant: Tenant): Promise<void> {
  const profile = await tenant.profile.get();
  if (!profile || !hasAcceptedLinkNotice(profile)) throw new AppError('whatsapp_notice_not_accepted');
}
