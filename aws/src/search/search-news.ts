import type { ChatId, MessageId, UserEvent } from '@top-active/core/contracts';
import type { EventLog } from '../events/event-log.ts';
import type { ItemStore } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { readChats } from '../stores/chat-access.ts';
import { partsOf } from '../stores/chat-record.ts';
import { storedMessageSchema } from '../stores/message-record.ts';
import type { SearchEntry } from './search-part.ts';
import { searchableText } from './searchable-text.ts';

/** What has changed since an event: the messages as they are now, each once. */
export interface SearchNews {
  changed: SearchEntry[];
  /** Number of the newest event that is in it. */
  seq: number;
}

/** More than that, and it is cheaper to read all messages. */
const mostEvents = 5_000;

/** Undefined: the log doesn't reach back so far, or there is too much of it. */
export async function readNews(
  { items, events }: { items: ItemStore; events: Pick<EventLog, 'after'> },
  since: number,
): Promise<SearchNews | undefined> {
  const told = new Map<string, { chatId: ChatId; messageId: MessageId }>();
  let seq = since;
  for (;;) {
    const page = await events.after(seq);
    if (page.reset || page.seq - since > mostEvents) return undefined;
    for (const ref of page.items.flatMap(messageOf)) told.set(`${ref.chatId} ${ref.messageId}`, ref);
    const newest = page.items.at(-1)?.seq;
    if (newest === undefined) return { changed: await readEntries(items, [...told.values()]), seq };
    seq = newest;
  }
}

function messageOf(event: UserEvent): { chatId: ChatId; messageId: MessageId }[] {
  return event.type === 'message.stored' || event.type === 'message.updated' ? [event.ids] : [];
}

/** An event names the chat that is shown; the message may lie in one that was merged into it. */
async function readEntries(
  items: ItemStore,
  refs: readonly { chatId: ChatId; messageId: MessageId }[],
): Promise<SearchEntry[]> {
  const chats = await readChats(items, [...new Set(refs.map(({ chatId }) => chatId))]);
  const places = refs.flatMap(({ chatId, messageId }) => {
    const chat = chats.get(chatId);
    const parts = chat ? partsOf(chat) : [];
    return [...new Set([chatId, ...parts])].map((part) => ({ chatId: part, id: messageId }));
  });
  const found = await items.getMany(
    places.map(({ chatId, id }) => keys.message(chatId, id)),
    storedMessageSchema,
  );
  const texts = new Map(found.map((message) => [`${message.chatId} ${message.id}`, searchableText(message)]));
  // A message that is at none of its places is gone from there, and so are its words.
  return places.map((place) => ({ ...place, text: texts.get(`${place.chatId} ${place.id}`) ?? '' }));
}
