import type { ChatId, MessageId } from '@top-active/core/contracts';
import { compareMessageIds } from '@top-active/core/domain';
import { z } from 'zod';
import type { ItemStore } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { storedMessageSchema } from './message-record.ts';
import type { MessageRecord } from './message-schema.ts';

export interface MessageRange {
  /** Inclusive bounds. */
  from?: MessageId | undefined;
  to?: MessageId | undefined;
  descending?: boolean | undefined;
  limit: number;
}

/**
 * Messages of a chat and of those merged into it, in the order of all of them. What WhatsApp told under two ids, and so
 * stands in two of the chats, is there once, as in the first of them.
 * @param parts the chat, then those merged into it. See `partsOf`.
 */
export async function readMessages(
  items: ItemStore,
  parts: readonly ChatId[],
  range: MessageRange,
): Promise<MessageRecord[]> {
  const [only, ...more] = parts;
  if (only !== undefined && more.length === 0) return readPart(items, only, range);
  const found: MessageRecord[] = [];
  let start: MessageId | undefined;
  for (;;) {
    const bounds: MessageRange = {
      ...range,
      ...(range.descending ? { to: start ?? range.to } : { from: start ?? range.from }),
    };
    // The bound is included in what is read: messages on it were handled already.
    const next = await readOrdered(items, parts, { ...bounds, limit: range.limit + parts.length });
    const unseen = next.filter(({ id }) => id !== start);
    found.push(...(await withoutCopies(items, parts, unseen)));
    start = unseen.at(-1)?.id;
    if (start === undefined || found.length >= range.limit) return found.slice(0, range.limit);
  }
}

/** The first `limit` of all parts together, or a few more, so that none of the same id is left out. */
async function readOrdered(items: ItemStore, parts: readonly ChatId[], range: MessageRange): Promise<MessageRecord[]> {
  const lists = await Promise.all(parts.map((chatId) => readPart(items, chatId, range)));
  const sign = range.descending ? -1 : 1;
  const ordered = lists.flat().toSorted((a, b) => sign * compareMessageIds(a.id, b.id));
  const last = ordered[range.limit - 1];
  return last ? ordered.filter(({ id }) => sign * compareMessageIds(id, last.id) <= 0) : ordered;
}

function readPart(items: ItemStore, chatId: ChatId, range: MessageRange): Promise<MessageRecord[]> {
  return items.query({ ...range, prefix: keys.messagesOf(chatId) }, storedMessageSchema);
}

/** Without those of a later part that stand in an earlier one too. */
async function withoutCopies(
  items: ItemStore,
  parts: readonly ChatId[],
  messages: readonly MessageRecord[],
): Promise<MessageRecord[]> {
  const originals = ({ chatId, direction, stanzaId }: MessageRecord) =>
    parts.slice(0, parts.indexOf(chatId)).map((part) => keys.stanza(part, direction, stanzaId));
  const stored = new Set(
    (await items.getMany([...new Set(messages.flatMap(originals))], stanzaKeySchema)).map(({ sk }) => sk),
  );
  return messages.filter((message) => !originals(message).some((sk) => stored.has(sk)));
}

const stanzaKeySchema = z.object({ sk: z.string() });
