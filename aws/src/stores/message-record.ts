import { instantSchema, messageSchema, type ChatId, type MessageId } from '@top-active/core/contracts';
import { z } from 'zod';
import type { ItemStore, Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import type { MessageRecord, MessageRef } from './messages.ts';

export const messageRecordSchema = messageSchema.extend({
  waId: z.string(),
  stanzaId: z.string(),
  direction: z.enum(['in', 'out']),
  reconciled: z.boolean(),
  missedSince: instantSchema.optional(),
});

const stanzaSchema = z.object({ messageId: messageSchema.shape.id });

export function putMessage(message: MessageRecord, condition?: 'absent' | 'present'): Write {
  return { kind: 'put', sk: keys.message(message.chatId, message.id), item: message, condition };
}

export function putStanza({ chatId, direction, stanzaId, id }: MessageRecord): Write {
  return { kind: 'put', sk: keys.stanza(chatId, direction, stanzaId), item: { messageId: id }, condition: 'absent' };
}

/** A message that is stored in this very chat, which may be a part of another. */
export function readPart(items: ItemStore, chatId: ChatId, id: MessageId): Promise<MessageRecord | undefined> {
  return items.get(keys.message(chatId, id), messageRecordSchema);
}

/** The message of a chat and of those merged into it. */
export async function readMessage(
  items: ItemStore,
  parts: readonly ChatId[],
  id: MessageId,
): Promise<MessageRecord | undefined> {
  return firstOf(parts.map((chatId) => readPart(items, chatId, id)));
}

/** The message of these chats that WhatsApp calls so; `stanzaId` must be safe already. The first chat that has it counts. */
export async function findMessage(
  items: ItemStore,
  parts: readonly ChatId[],
  { direction, stanzaId }: Pick<MessageRef, 'direction' | 'stanzaId'>,
): Promise<MessageRecord | undefined> {
  return firstOf(
    parts.map(async (chatId) => {
      const stanza = await items.get(keys.stanza(chatId, direction, stanzaId), stanzaSchema);
      return stanza && readPart(items, chatId, stanza.messageId);
    }),
  );
}

async function firstOf<T>(candidates: readonly Promise<T | undefined>[]): Promise<T | undefined> {
  return (await Promise.all(candidates)).find((found) => found !== undefined);
}
