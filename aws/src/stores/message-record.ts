import { messageSchema, type ChatId, type MessageId } from '@top-active/core/contracts';
import { z } from 'zod';
import type { ItemStore, Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { orAbsent } from '../items/unreadable.ts';
import { readDamaged } from './damaged-message.ts';
import { messageRecordSchema, type MessageRecord } from './message-schema.ts';
import type { MessageRef } from './incoming-message.ts';

/** Reads every item in a message's place, and marks a damaged one. */
export const storedMessageSchema = messageRecordSchema
  .transform((message): MessageRecord => message)
  .catch(({ value }) => readDamaged(value));

const stanzaSchema = orAbsent(z.object({ messageId: messageSchema.shape.id }));

/** @throws {ZodError} for what could not be read again */
export function putMessage(message: MessageRecord, condition?: 'absent' | 'present'): Write {
  const item = messageRecordSchema.parse(message);
  return { kind: 'put', sk: keys.message(item.chatId, item.id), item, condition };
}

export function deleteMessage({ chatId, id }: MessageRecord): Write {
  return { kind: 'delete', sk: keys.message(chatId, id) };
}

/** One that points nowhere is put right with it. */
export function putStanza({ chatId, direction, id }: MessageRecord, stanzaId: string): Write {
  return { kind: 'put', sk: keys.stanza(chatId, direction, stanzaId), item: { messageId: id } };
}

/** A message that is stored in this chat itself, which may be a part of another. */
export function readPart(items: ItemStore, chatId: ChatId, id: MessageId): Promise<MessageRecord | undefined> {
  return items.get(keys.message(chatId, id), storedMessageSchema);
}

/** The message of a chat and of those merged into it. */
export async function readMessage(
  items: ItemStore,
  parts: readonly ChatId[],
  id: MessageId,
): Promise<MessageRecord | undefined> {
  return firstOf(parts.map((chatId) => readPart(items, chatId, id)));
}

/**
 * The message of these chats that WhatsApp calls so; `stanzaId` must be safe already. The first chat that has it
 * counts.
 */
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
