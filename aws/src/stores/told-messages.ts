import type { ChatId } from '@top-active/core/contracts';
import { ordersOfSecond } from '@top-active/core/domain';
import { readChat } from './chat-access.ts';
import { partsOf } from './chat-record.ts';
import { readMessages } from './message-range.ts';
import { isSentNow, withNews } from './message-news.ts';
import { asKnown, type RecordedMessage } from './record-message.ts';
import { storableMessage, type StorableMessage } from './storable-message.ts';
import type { StoreContext } from './store-context.ts';
import type { IncomingMessage } from './incoming-message.ts';

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
  { items, now }: Pick<StoreContext, 'items' | 'now'>,
  { chatId, messages }: { chatId: ChatId; messages: readonly IncomingMessage[] },
): Promise<(ToldMessage | undefined)[]> {
  const chat = messages.length > 0 ? await readChat(items, chatId) : undefined;
  if (!chat) return messages.map(() => undefined);
  const told = messages.map((message) => storableMessage(message, { now: now(), peer: chat.primaryWaId }));
  const seconds = told.map(({ sentAt }) => sentAt).toSorted((a, b) => a - b);
  const from = ordersOfSecond(seconds[0] ?? 0).first;
  const to = `${ordersOfSecond(seconds.at(-1) ?? 0).last}~`;
  const stored = await readMessages(items, partsOf(chat), { from, to, limit: atMost });
  const byName = new Map(stored.map((message) => [nameOf(message), message]));
  return told.map((message) => {
    const own = byName.get(nameOf(message));
    const first = message.replaces === undefined ? own : byName.get(nameOf({ ...message, stanzaId: message.replaces }));
    const known = first ?? own;
    if (!known) return undefined;
    const isDouble = own !== undefined && own !== known;
    const hasNews = isDouble || isSentNow(known, message) || withNews(known, message, chat) !== known;
    return { recorded: asKnown(chat, known), hasNews };
  });
}

function nameOf({ direction, stanzaId }: Pick<StorableMessage, 'direction' | 'stanzaId'>): string {
  return `${direction}#${stanzaId}`;
}
