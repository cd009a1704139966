import { createHash } from 'node:crypto';
import {
  deliveryStateSchema,
  maxMessageLength,
  messageKindSchema,
  messageSchema,
  type MessageKind,
} from '@top-active/core/contracts';
import { clipText, safeStanzaId } from '@top-active/core/domain';
import { instant } from '../items/instants.ts';
import { storableContent } from './storable-content.ts';
import type { StoredContent } from './stored-content.ts';
import type { Contact } from './contact.ts';
import type { IncomingMessage } from './incoming-message.ts';

/** An incoming message of which everything can be stored, and read again. */
export interface StorableMessage extends Omit<IncomingMessage, 'content' | 'edited'> {
  edited: boolean;
  content: StoredContent;
}

/** WhatsApp began in 2009. Epoch seconds. */
const earliest = 1_230_768_000;
/** Clocks differ, and not by more. Seconds. */
const ahead = 86_400;
const waIdLength = 300;
const nameLength = 200;

/**
 * What the store can hold of a message, however ill-formed it was told: a chat, a stanza id and a direction are all
 * that it needs. The time of one that names none, or an impossible one, is that of its arrival.
 * @param options.now epoch milliseconds
 * @param options.peer WhatsApp's id of the chat
 */
export function storableMessage(told: IncomingMessage, { now, peer }: { now: number; peer: string }): StorableMessage {
  const { commandId } = told;
  const direction = told.direction === 'out' ? 'out' : 'in';
  const stanzaId = stanzaIdOf(told);
  const known = messageKindSchema.safeParse(told.kind).data;
  const kind = known ?? 'other';
  const delivery = deliveryStateSchema.safeParse(told.delivery).data ?? (direction === 'in' ? 'delivered' : 'pending');
  const content = {
    ...storableContent(told.content, instant(now)),
    ...(!known && { onPhone: { reason: 'unknown_type', type: clipText(told.kind, 64) } as const }),
  };
  return {
    waId: clipText(told.waId, waIdLength) || `${direction === 'out'}_${peer}_${stanzaId}`,
    stanzaId,
    direction,
    author: messageSchema.shape.author.safeParse(told.author).data ?? (direction === 'in' ? 'customer' : 'owner'),
    kind,
    text: kind === 'revoked' ? '' : clipText(told.text, maxMessageLength),
    sentAt: storableTime(told.sentAt, now),
    delivery,
    edited: told.edited === true,
    ...(told.replaces !== undefined && told.replaces !== '' && { replaces: safeStanzaId(told.replaces) }),
    ...(commandId !== undefined && { commandId }),
    content: ofKind(content, { kind, delivery, direction }),
  };
}

/** Epoch seconds, whole. */
function storableTime(sentAt: unknown, now: number): number {
  const arrival = Math.floor(now / 1000);
  const isTime = typeof sentAt === 'number' && sentAt >= earliest && sentAt <= arrival + ahead;
  return isTime ? Math.floor(sentAt) : arrival;
}

/** A peer whose names and ids can be stored. */
export function storableContact(contact: Contact): Contact {
  const [first, ...others] = contact.waIds.map((waId) => clipText(waId, waIdLength));
  const { unread, historyMissing } = contact;
  return {
    waIds: [first ?? '', ...others.filter((waId) => waId !== '')],
    name: clipText(contact.name, nameLength),
    phone: clipText(contact.phone, 64) || undefined,
    isGroup: contact.isGroup,
    unread: typeof unread === 'number' && unread >= 0 && unread <= 1e9 ? Math.floor(unread) : undefined,
    ...(typeof historyMissing === 'boolean' && { historyMissing }),
  };
}

/** Of a deleted message nothing stays but who wrote it. */
function ofKind(
  content: StoredContent,
  { kind, delivery, direction }: { kind: MessageKind; delivery: string; direction: string },
): StoredContent {
  const { failure, plannedFor, ...rest } = content;
  if (kind === 'revoked') return content.sender ? { sender: content.sender } : {};
  return {
    ...rest,
    // Nobody plans what others send.
    ...(direction === 'out' && plannedFor !== undefined && { plannedFor }),
    ...(delivery === 'failed' && failure !== undefined && { failure }),
  };
}

/** Without one it is told apart by what it says. */
function stanzaIdOf({ stanzaId, waId, sentAt, kind, text }: IncomingMessage): string {
  const told = clipText(stanzaId, Number.MAX_SAFE_INTEGER);
  if (told !== '') return safeStanzaId(told);
  return safeStanzaId(
    `-${createHash('sha256')
      .update(JSON.stringify([waId, sentAt, kind, text]))
      .digest('hex')}`,
  );
}
