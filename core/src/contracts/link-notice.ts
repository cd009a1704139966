import { z } from 'zod';
import { instantSchema } from './ids.ts';

/**
 * Version of the notice that stands before a link. Raise it whenever its meaning changes: nobody links anew before
 * having accepted the new one.
 */
export const linkNoticeVersion = 1;

export const acceptedNoticeSchema = z.object({ version: z.int().positive(), acceptedAt: instantSchema });
export type AcceptedNotice = z.infer<typeof acceptedNoticeSchema>;

/** The version that was shown. */
export const acceptLinkNoticeRequestSchema = z.strictObject({ version: z.int().positive() });
export type AcceptLinkNoticeRequest = z.infer<typeof acceptLinkNoticeRequestSchema>;

export function hasAcceptedLinkNotice({ linkNotices }: { linkNotices: readonly AcceptedNotice[] }): boolean {
  return linkNotices.some(({ version }) => version === linkNoticeVersion);
}
