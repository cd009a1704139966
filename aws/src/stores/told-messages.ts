import type { ChatId } from '@top-active/core/contracts';
import { ordersOfSecond, safeStanzaId } from '@top-active/core/domain';
import type { ItemStore } from '../items/item-store.ts';
import { readChat } from './chat-access.ts';
import { partsOf } from './chat-record.ts';
import { readMessages } from './message-range.ts';
import type { Direction, IncomingMessage } from './messages.ts';
import { asKnown, withNews, type RecordedMessage } from './record-message.ts';

/** A message that is stored already. */
export interface ToldMessage {
  /** What `recordMessage` would say. */
  recorded: RecordedMessage;
  /** It isn't stored as it is told: `recordMessage` would change it. */
  hasNews: boolean;
}

/** More are read one by one, by who records them. */
const atMost = 5_000;

/** See `MessageStore.findTold`. */
export async function findTold(
  items: ItemStore,
  { chatId, messages }: { chatId: ChatId; messages: readonly IncomingMessage[] },
): Promise<(ToldMessage | undefined)[]> {
  const chat = messages.length > 0 ? await readChat(items, chatId) : undefined;
  if (!chat) return messages.map(() => undefined);
  const seconds = messages.map(({ sentAt }) => sentAt).toSorted((a, b) => a - b);
  const from = ordersOfSecond(seconds[0] ?? 0).first;
  const to = `${ordersOfSecond(seconds.at(-1) ?? 0).last}~`;
  const stored = await readMessages(items, partsOf(chat), { from, to, limit: atMost });
  const byName = new Map(stored.map((message) => [nameOf(message), message]));
  return messages.map((message) => {
    const known = byName.get(nameOf({ ...message, stanzaId: safeStanzaId(message.stanzaId) }));
    return known && { recorded: asKnown(chat, known), hasNews: withNews(known, message) !== known };
  });
}

function nameOf({ direction, stanzaId }: { direction: Direction; stanzaId: string }): string {
  return `${direction}#${stanzaId}`;
}
