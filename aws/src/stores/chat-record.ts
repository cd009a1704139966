import type { ChatId, Message } from '@top-active/core/contracts';
import { canonicalWaId, orderOf } from '@top-active/core/domain';
import type { Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { traced } from '../logs/trace.ts';
import { chatRecordSchema, type ChatRecord } from './chat-schema.ts';
import type { Contact } from './contact.ts';

const previewLength = 300;
const maxWaIdLength = 300;

export function newChat(
  contact: Omit<Contact, 'waIds'> & { waIds: readonly string[] },
  { id, now, primary }: { id: ChatId; now: string; primary: string },
): ChatRecord {
  return {
    id,
    name: contact.name,
    phone: contact.phone,
    isGroup: contact.isGroup,
    unread: contact.unread ?? 0,
    assistantMode: 'off',
    updatedAt: now,
    waIds: canonicalIds(contact.waIds),
    primaryWaId: primary,
    lastOrder: '',
    historyMissing: contact.historyMissing || undefined,
  };
}

/** The chat with what WhatsApp now tells of its peer, but for new ids; what it doesn't tell stays. */
export function withContact(chat: ChatRecord, contact: Contact): ChatRecord {
  return {
    ...chat,
    name: contact.name || chat.name,
    phone: contact.phone ?? chat.phone,
    unread: contact.unread ?? chat.unread,
    primaryWaId: contact.waIds[0],
    historyMissing: (contact.historyMissing ?? chat.historyMissing) || undefined,
  };
}

/**
 * The chat after a message was added to it. A late message of an earlier second changes neither preview nor activity;
 * it is unread only if the owner hasn't answered since. An answer marks everything before it as read. What is only
 * planned changes nothing yet.
 */
export function withMessage(chat: ChatRecord, message: Message): ChatRecord {
  const { id, author, sentAt } = message;
  if (message.plannedFor !== undefined) return chat;
  const inbound = author === 'customer';
  const isNewest = id > (chat.lastMessage?.id ?? '');
  const next: ChatRecord = { ...chat };
  if (isNewest) {
    next.lastMessage = previewOf(message);
    next.lastOrder = orderOf(id);
    next.updatedAt = sentAt;
  }
  if (inbound) next.lastInboundId = later(chat.lastInboundId, id);
  else next.lastOutboundId = later(chat.lastOutboundId, id);
  if (inbound && id > (chat.lastOutboundId ?? '')) next.unread = chat.unread + 1;
  if (!inbound && isNewest) next.unread = 0;
  return next;
}

/** The chat after a message in it was amended: its preview may show that message. */
export function withAmended(chat: ChatRecord, message: Message): ChatRecord {
  if (chat.lastMessage?.id !== message.id) return chat;
  return { ...chat, lastMessage: previewOf(message) };
}

/**
 * The chat's item is written with every message and listed by the hundred: it carries the beginning of the text only.
 */
export function previewOf({
  id,
  author,
  kind,
  text,
  sentAt,
  delivery,
}: Message): NonNullable<ChatRecord['lastMessage']> {
  return { id, author, kind, text: text.slice(0, previewLength).toWellFormed(), sentAt, delivery };
}

/** @throws {ZodError} for what could not be read again */
export function putChat(chat: ChatRecord, condition?: 'absent'): Write {
  // A chat that was merged into another is in no list.
  const activity = chat.mergedInto === undefined ? activityOf(chat) : undefined;
  return { kind: 'put', sk: keys.chat(chat.id), item: traced(chatRecordSchema.parse(chat)), activity, condition };
}

/** The chats whose messages are shown in this one, its own first. */
export function partsOf({ id, merged = [] }: Pick<ChatRecord, 'id' | 'merged'>): [ChatId, ...ChatId[]] {
  return [id, ...merged.map((one) => one.id)];
}

/** Sort key of the index `chats-by-activity`. */
export function activityOf(chat: Pick<ChatRecord, 'updatedAt' | 'id'>): string {
  return `${chat.updatedAt}#${chat.id}`;
}

/** Each id is cut to the length that a key can hold. */
export function canonicalIds(waIds: readonly string[]): string[] {
  return [...new Set(waIds.map((waId) => canonicalWaId(waId.slice(0, maxWaIdLength))))];
}

function later(a: string | undefined, b: string): string {
  return a !== undefined && a > b ? a : b;
}
