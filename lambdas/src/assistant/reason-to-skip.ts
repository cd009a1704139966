import type { Tenant } from '@top-active/aws';
import type { SuggestJob } from './suggest-job.ts';

export type SkipReason = 'assistant_off' | 'customer_wrote_again' | 'owner_answered' | 'already_suggested';

/** Why a job has nothing to do any more. It may be old, or delivered a second time. */
export async function reasonToSkip({ chatId, messageId }: SuggestJob, tenant: Tenant): Promise<SkipReason | undefined> {
  const chat = await tenant.chats.get(chatId);
  if (chat?.assistantMode !== 'suggest') return 'assistant_off';
  if (chat.lastInboundId !== messageId) return 'customer_wrote_again';
  if (chat.lastOutboundId !== undefined && chat.lastOutboundId > messageId) return 'owner_answered';
  const suggestions = await tenant.suggestions.list({ chatId });
  return suggestions.some(({ answers }) => answers === messageId) ? 'already_suggested' : undefined;
}
