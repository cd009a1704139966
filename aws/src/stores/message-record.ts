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

export function readMessage(items: ItemStore, chatId: ChatId, id: MessageId): Promise<MessageRecord | undefined> {
  return items.get(keys.message(chatId, id), messageRecordSchema);
}

/** The message that WhatsApp calls so; `stanzaId` must be safe already. */
export async function findMessage(items: ItemStore, ref: MessageRef): Promise<MessageRecord | undefined> {
  const stanza = await items.get(keys.stanza(ref.chatId, ref.direction, ref.stanzaId), stanzaSchema);
  return stanza && readMessage(items, ref.chatId, stanza.messageId);
}
