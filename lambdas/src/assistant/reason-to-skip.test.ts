import type { ChatRecord } from '@top-active/aws';
import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import { aChatRecord, aSuggestion } from '@top-active/aws/test-support/records';
import { expect, it } from 'vitest';
import { reasonToSkip } from './reason-to-skip.ts';

const messageId = '1764000000000-3A01';
const job = { type: 'suggest', userId: 'u', chatId: 'chat', messageId } as const;
const waiting = { assistantMode: 'suggest', lastInboundId: messageId } as const;

function reasonFor(chat: Partial<ChatRecord> | undefined, answered: string[] = []) {
  const tenant = partOfTenant({
    chats: { get: () => Promise.resolve(chat && aChatRecord(chat)) },
    suggestions: { list: () => Promise.resolve(answered.map((answers) => aSuggestion({ answers }))) },
  });
  return reasonToSkip(job, tenant);
}

it.each<[string | undefined, Partial<ChatRecord> | undefined]>([
  ['assistant_off', undefined],
  ['assistant_off', { ...waiting, assistantMode: 'off' }],
  ['customer_wrote_again', { ...waiting, lastInboundId: '1764000001000-3A02' }],
  ['owner_answered', { ...waiting, lastOutboundId: '1764000001000-3A02' }],
  [undefined, waiting],
  [undefined, { ...waiting, lastOutboundId: '1763999999000-3A00' }],
  [undefined, { ...waiting, lastOutboundId: messageId }],
])('is %s for %j', async (reason, chat) => {
  expect(await reasonFor(chat)).toBe(reason);
});

it('is that there is a suggestion for this very message', async () => {
  expect(await reasonFor(waiting, ['1763999999000-3A00', messageId])).toBe('already_suggested');
  expect(await reasonFor(waiting, ['1763999999000-3A00'])).toBeUndefined();
});
