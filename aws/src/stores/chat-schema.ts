import { chatIdSchema, chatSchema, instantSchema, mergedChatSchema, messageIdSchema } from '@top-active/core/contracts';
import { orderOf } from '@top-active/core/domain';
import { z } from 'zod';
import { prefixes } from '../items/keys.ts';
import { noteUnreadable, readableFields } from '../items/unreadable.ts';

const mergedRecordSchema = mergedChatSchema.extend({
  /** The canonical ids that lead to it: what is told of them is stored with its messages. */
  waIds: z.array(z.string()),
});
export type MergedRecord = z.infer<typeof mergedRecordSchema>;

const ownNameSchema = z.object({ name: z.string(), phone: z.string().optional(), primaryWaId: z.string() });
export type OwnName = z.infer<typeof ownNameSchema>;

/** A chat's item: what is written is parsed with it, and so is what is read. */
export const chatRecordSchema = chatSchema.extend({
  /** Every WhatsApp id under which the peer was met, in canonical form. */
  waIds: z.array(z.string()),
  /** The id to send to: as WhatsApp wrote it last. */
  primaryWaId: z.string(),
  /** First 13 digits of the newest message's id, or ''. */
  lastOrder: z.string(),
  /** What was written in it before the link could not be fetched so far. */
  historyMissing: z.literal(true).optional(),
  lastInboundId: messageIdSchema.optional(),
  lastOutboundId: messageIdSchema.optional(),
  merged: z.array(mergedRecordSchema).optional(),
  /** What it was called before another was merged into it. */
  own: ownNameSchema.optional(),
  /** The chat that it is shown as one with since: its messages stay where they are, its item is only a redirect. */
  mergedInto: chatIdSchema.optional(),
});
export type ChatRecord = z.infer<typeof chatRecordSchema>;

const keySchema = z.object({ sk: z.templateLiteral([prefixes.chat, chatIdSchema]), byActivity: z.string().optional() });

/**
 * Reads every item that stands in a chat's place. Of one that is damaged it keeps what it can: the next message of its
 * peer puts it right.
 */
export const storedChatSchema = chatRecordSchema.catch(({ value }) => readDamagedChat(value));

/** @throws {ZodError} for an item that isn't even in a chat's place */
function readDamagedChat(item: unknown): ChatRecord {
  noteUnreadable(item);
  const { sk, byActivity } = keySchema.parse(item);
  const fields = readableFields(chatRecordSchema, item);
  const { lastMessage, waIds = [] } = fields;
  return {
    name: '',
    isGroup: waIds.some((waId) => waId.endsWith('@g.us')),
    unread: 0,
    assistantMode: 'off',
    // Its place in the list, as the index has it.
    updatedAt:
      instantSchema.safeParse(byActivity?.split('#')[0]).data ?? lastMessage?.sentAt ?? new Date(0).toISOString(),
    waIds,
    primaryWaId: waIds[0] ?? '',
    lastOrder: lastMessage ? orderOf(lastMessage.id) : '',
    ...fields,
    id: sk.slice(prefixes.chat.length),
  };
}
