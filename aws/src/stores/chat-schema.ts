import { chatIdSchema, chatSchema, instantSchema, mergedChatSchema, messageIdSchema } from '@top-active/core/contracts';
import { orderOf } from '@top-active/core/domain';
import { z } from 'zod';
import { prefixes } from '../items/keys.ts';
import { noteUnreadable, readableFields } from '../items/unreadable.ts';
import type { ChatRecord } from './chats.ts';

/** A chat's item: what is written is parsed with it, and so is what is read. */
export const chatRecordSchema = chatSchema.extend({
  waIds: z.array(z.string()),
  primaryWaId: z.string(),
  lastOrder: z.string(),
  historyMissing: z.literal(true).optional(),
  lastInboundId: messageIdSchema.optional(),
  lastOutboundId: messageIdSchema.optional(),
  merged: z.array(mergedChatSchema.extend({ waIds: z.array(z.string()) })).optional(),
  own: z.object({ name: z.string(), phone: z.string().optional(), primaryWaId: z.string() }).optional(),
  mergedInto: chatIdSchema.optional(),
});

const keySchema = z.object({ sk: z.templateLiteral([prefixes.chat, chatIdSchema]), gsi1sk: z.string().optional() });

/**
 * Reads every item that stands in a chat's place. Of one that is damaged it keeps what it can: the next message of its
 * peer puts it right.
 */
export const storedChatSchema = chatRecordSchema
  .transform((chat): ChatRecord => chat)
  .catch(({ value }) => readDamagedChat(value));

/** @throws {ZodError} for an item that isn't even in a chat's place */
function readDamagedChat(item: unknown): ChatRecord {
  noteUnreadable(item);
  const { sk, gsi1sk } = keySchema.parse(item);
  const fields = readableFields(chatRecordSchema, item);
  const { lastMessage, waIds = [] } = fields;
  return {
    name: '',
    isGroup: waIds.some((waId) => waId.endsWith('@g.us')),
    unread: 0,
    assistantMode: 'off',
    // Its place in the list, as the index has it.
    updatedAt: instantSchema.safeParse(gsi1sk?.split('#')[0]).data ?? lastMessage?.sentAt ?? new Date(0).toISOString(),
    waIds,
    primaryWaId: waIds[0] ?? '',
    lastOrder: lastMessage ? orderOf(lastMessage.id) : '',
    ...fields,
    id: sk.slice(prefixes.chat.length),
  };
}
