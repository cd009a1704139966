import type { ChatId, NewUserEvent } from '@top-active/core/contracts';
import type { ItemStore, Write } from '../items/item-store.ts';
import { partsOf } from './chat-record.ts';
import { putMessage } from './message-record.ts';
import { readMessages } from './message-range.ts';
import type { ChatRecord } from './chat-schema.ts';
import type { MessageRecord } from './message-schema.ts';

/** Who deletes it has a day or two, in which not more is written. */
const lookAhead = 5_000;
/** A transaction takes a hundred writes, and each quote needs one for its event. */
const quotesAtOnce = 40;

/** What remains of a deleted message: the fact that it existed, and who wrote it. */
export function deleted(message: MessageRecord): MessageRecord {
  const { id, chatId, author, sentAt, storedAt, delivery, edited, commandId, gap, sender } = message;
  const { waId, stanzaId, direction, reconciled, missedSince } = message;
  const own = { waId, stanzaId, direction, reconciled, missedSince };
  return {
    id,
    chatId,
    author,
    sentAt,
    storedAt,
    delivery,
    edited,
    commandId,
    gap,
    sender,
    ...own,
    kind: 'revoked',
    text: '',
  };
}

/** Removes the text of a deleted message from messages that quote it. `isAll` false: there are more of them. */
export async function blankQuotes(
  items: ItemStore,
  chat: ChatRecord,
  { id, stanzaId, direction }: MessageRecord,
): Promise<{ changes: Write[]; events: NewUserEvent[]; isAll: boolean }> {
  const later = await readMessages(items, partsOf(chat), { from: id, limit: lookAhead });
  const author = direction === 'in' ? 'customer' : 'owner';
  const quoting = later.filter(
    ({ quoted, ...one }) =>
      quoted &&
      // A message may claim to quote itself.
      !(one.stanzaId === stanzaId && one.direction === direction) &&
      quoted.kind !== 'revoked' &&
      (quoted.messageId === id || (quoted.stanzaId === stanzaId && quoted.author === author)),
  );
  const now = quoting.slice(0, quotesAtOnce);
  return {
    changes: now.map((message) => putMessage(withBlankQuote(message), 'present')),
    events: now.map((message) => updatedIn(chat.id, message)),
    isAll: now.length === quoting.length,
  };
}

export function updatedIn(chatId: ChatId, { id }: Pick<MessageRecord, 'id'>): NewUserEvent {
  return { type: 'message.updated', ids: { chatId, messageId: id } };
}

function withBlankQuote(message: MessageRecord): MessageRecord {
  return message.quoted ? { ...message, quoted: { ...message.quoted, kind: 'revoked', text: '' } } : message;
}
