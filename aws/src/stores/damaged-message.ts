import { messageIdSchema, chatIdSchema } from '@top-active/core/contracts';
import { orderOf } from '@top-active/core/domain';
import { z } from 'zod';
import { prefixes } from '../items/keys.ts';
import { noteUnreadable, readableFields } from '../items/unreadable.ts';
import { messageRecordSchema, type MessageRecord } from './message-schema.ts';
import { instant } from '../items/instants.ts';

const keySchema = z.object({ sk: z.templateLiteral([prefixes.message, chatIdSchema, '#', z.string()]) });

/**
 * A message's item as far as it can be read, marked as `damaged`: with all that the API shows, if only what the host
 * needs is lost; else in its place as one that only the phone shows. Told again by WhatsApp, it is written anew.
 * @throws {ZodError} for an item that isn't even in a message's place
 */
export function readDamaged(item: unknown): MessageRecord {
  noteUnreadable(item);
  const [, chatId = '', id = ''] = keySchema.parse(item).sk.split('#');
  messageIdSchema.parse(id);
  const fields = readableFields(messageRecordSchema, item);
  const direction = fields.direction ?? (fields.author === undefined || fields.author === 'customer' ? 'in' : 'out');
  const own = { waId: '', stanzaId: fields.stanzaId ?? '', direction, reconciled: false } as const;
  const read = messageRecordSchema.safeParse({ ...own, ...fields, id, chatId });
  if (read.success) return { ...read.data, damaged: true };
  const at = instant(Number(orderOf(id)));
  return {
    id,
    chatId,
    author: fields.author ?? (direction === 'in' ? 'customer' : 'owner'),
    kind: 'other',
    text: '',
    sentAt: fields.sentAt ?? at,
    storedAt: fields.storedAt ?? at,
    delivery: fields.delivery ?? (direction === 'in' ? 'delivered' : 'sent'),
    edited: false,
    commandId: fields.commandId,
    gap: fields.gap,
    onPhone: { reason: 'damaged' },
    ...own,
    reconciled: fields.reconciled ?? false,
    missedSince: fields.missedSince,
    damaged: true,
  };
}
