import type { ChatId, MessageId } from '@top-active/core/contracts';
import { customer, incoming } from '../../test-support/tenants.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Contact } from './contact.ts';

export const number = '5511987654321@c.us';
export const withoutNinth = '551187654321@c.us';
export const lid = '128849273645182@lid';
export const start = 1_790_000_000;

export async function twoChats({ messages }: Tenant): Promise<{ older: ChatId; newer: ChatId; ids: MessageId[] }> {
  const stored = [];
  for (const [i, waIds] of ([[number], [lid], [number], [lid]] as [string][]).entries()) {
    const chat = contact(waIds, i % 2 === 0 ? 'Bia' : 'Oculta');
    stored.push(await messages.recordMessage({ chat, message: incoming({ sentAt: start + i }) }));
  }
  const [older, newer] = [stored[0]!.chatId, stored[1]!.chatId];
  return { older, newer, ids: stored.map(({ messageId }) => messageId) };
}

export function contact(waIds: Contact['waIds'], name = 'Bia'): Contact {
  return { ...customer(waIds[0], name), waIds };
}

export function ref(chatId: ChatId, stanzaId: string) {
  return { chatId, stanzaId, direction: 'in' } as const;
}

export function send(chatId: ChatId, text: string) {
  return { kind: 'message.send', chatId, text, author: 'owner' } as const;
}

export async function suggest({ suggestions }: Tenant, chatId: ChatId, answers: MessageId): Promise<string> {
  const usage = { inputTokens: 1, outputTokens: 1 };
  const origin = { answers, madeFrom: [answers], model: 'm', simulated: true, usage };
  const made = await suggestions.create({ chatId, text: 'Claro!', ...origin });
  if (!made.created) throw new Error(made.reason);
  return made.suggestion.id;
}

/** Ascending, read page by page from the newest. */
export async function idsOf(messages: Tenant['messages'], chatId: ChatId, limit = 50): Promise<MessageId[]> {
  const ids: MessageId[] = [];
  let before: MessageId | undefined;
  do {
    const page = await messages.page({ chatId, before, limit });
    ids.unshift(...page.items.map(({ id }) => id));
    ({ before } = page);
  } while (before !== undefined);
  return ids;
}
