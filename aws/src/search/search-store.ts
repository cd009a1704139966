import type { ChatId, MessageId } from '@top-active/core/contracts';
import { compareMessageIds, wordsOf } from '@top-active/core/domain';
import type { AppError } from '@top-active/core/errors';
import { z } from 'zod';
import { invalidField } from '../items/invalid-field.ts';
import { keys, prefixes } from '../items/keys.ts';
import { logger } from '../logs/log.ts';
import { readChats, requireChat } from '../stores/chat-access.ts';
import { partsOf } from '../stores/chat-record.ts';
import { storedMessageSchema } from '../stores/message-record.ts';
import type { MessageRecord } from '../stores/message-schema.ts';
import type { StoreContext } from '../stores/store-context.ts';
import { readNews } from './search-news.ts';
import { findInPart, packPart, partOf, unpackPart, type SearchEntry } from './search-part.ts';
import { searchableText } from './searchable-text.ts';
import { inParts, updateParts, type NamedPart } from './update-parts.ts';

interface SearchQuestion {
  /** Each of its words has to be part of a message, whatever their case and accents. */
  text: string;
  chatId?: ChatId | undefined;
  /** Cursor: only older ones. */
  before?: MessageId | undefined;
  /** At most 50. */
  limit: number;
}

interface SearchPage {
  /** Newest first, each as its chat is shown. */
  items: MessageRecord[];
  next?: MessageId | undefined;
}

export interface SearchStore {
  /**
   * Looks through the whole history, also what was stored a moment ago; what was deleted is never found.
   * @throws {AppError} `chat_not_found`; `invalid_request` naming `text` when it has no word
   */
  find(question: SearchQuestion): Promise<SearchPage>;
  /**
   * Takes into the index what has changed since the last time, if that is much. Nothing depends on it but the time that
   * a search takes.
   * @returns whether it did anything
   */
  index(): Promise<boolean>;
}

const stateSchema = z.object({
  seq: z.int(),
  at: z.int(),
  parts: z.array(z.object({ name: z.string(), count: z.int() })),
});
type State = z.infer<typeof stateSchema>;
const partSchema = z.object({ sk: z.string(), packed: z.string() });
const placeSchema = z.object({ sk: z.string() });

/** So many events are looked through by each search, rather than written down. */
const worthwhile = 256;
/** Before the log forgets them, which is after seven days. */
const longestMs = 24 * 3_600_000;
const readAtOnce = 1_000;
const maxRounds = 5;

export function createSearchStore({ items, events, fence, now, newId }: StoreContext): SearchStore {
  const readState = () => items.get(keys.search, stateSchema);

  /** Undefined when one is missing. */
  async function readParts({ parts }: Pick<State, 'parts'> = { parts: [] }): Promise<NamedPart[] | undefined> {
    const found = await items.getMany(
      parts.map(({ name }) => keys.searchPart(name)),
      partSchema,
    );
    const packed = new Map(found.map(({ sk, packed }) => [sk, packed]));
    const read = parts.flatMap(({ name, count }) => {
      const text = packed.get(keys.searchPart(name));
      return text === undefined ? [] : [{ name, count, part: unpackPart(text) }];
    });
    return read.length === parts.length ? read : undefined;
  }

  /** False when somebody else was first: then nothing is left behind. */
  async function save(
    before: State | undefined,
    { seq, parts, written }: { seq: number; parts: readonly NamedPart[]; written: readonly NamedPart[] },
  ): Promise<boolean> {
    // A part that changes gets a name of its own: a search that has read the list finds the one it knows.
    const fresh = written.map((one) => ({ ...one, name: newId() }));
    const renamed = new Map(written.map(({ name }, i) => [name, fresh[i]?.name ?? name]));
    for (const { name, part } of fresh)
      await items.write({ kind: 'put', sk: keys.searchPart(name), item: { packed: packPart(part) } });
    const state: State = {
      seq,
      at: now(),
      parts: parts.map(({ name, count }) => ({ name: renamed.get(name) ?? name, count })),
    };
    const condition = before ? { seq: before.seq, at: before.at } : ('absent' as const);
    const won = await fence.write({ kind: 'put', sk: keys.search, item: state, condition });
    const kept = new Set(state.parts.map(({ name }) => name));
    const old = (before?.parts ?? []).map(({ name }) => name);
    const gone = won ? old.filter((name) => !kept.has(name)) : fresh.map(({ name }) => name);
    for (const name of gone) await items.write({ kind: 'delete', sk: keys.searchPart(name) });
    return won;
  }

  /** From all messages there are. */
  async function rebuild(before: State | undefined): Promise<boolean> {
    const seq = await events.last();
    const parts: NamedPart[] = [];
    let entries: SearchEntry[] = [];
    for (let from = ''; ;) {
      const page = await items.query({ prefix: prefixes.message, from, limit: readAtOnce }, placedMessageSchema);
      entries.push(...page.map(({ entry }) => entry).filter(({ text }) => text !== ''));
      const last = page.at(-1);
      if (!last || page.length < readAtOnce) break;
      from = `${last.sk.slice(prefixes.message.length)} `;
      // The last cut may not be full yet.
      const cut = inParts(entries, newId);
      parts.push(...cut.slice(0, -1));
      entries = entries.slice(cut.slice(0, -1).reduce((sum, { count }) => sum + count, 0));
    }
    parts.push(...inParts(entries, newId));
    logger.info('Messages indexed for search', { parts: parts.length });
    return save(before, { seq, parts, written: parts });
  }

  async function index(): Promise<boolean> {
    const state = await readState();
    const waiting = (await events.last()) - (state?.seq ?? 0);
    if (waiting === 0) return false;
    const isLittle = waiting > 0 && waiting < worthwhile;
    if (state && isLittle && now() - state.at < longestMs) return false;
    const news = state && (await readNews({ items, events }, state.seq));
    const parts = news && (await readParts(state));
    if (!news || !parts) return rebuild(state);
    const changes = updateParts(parts, { changed: news.changed, newName: newId });
    return save(state, { seq: news.seq, ...changes });
  }

  async function candidates(words: readonly string[], chats: ReadonlySet<ChatId> | undefined): Promise<SearchEntry[]> {
    for (let round = 1; ; round++) {
      const state = await readState();
      const news = await readNews({ items, events }, state?.seq ?? 0);
      const parts = news && (await readParts(state));
      if (news && parts) {
        const all = [partOf(news.changed), ...parts.map(({ part }) => part)];
        return all.flatMap((part) => findInPart(part, { words, chats }));
      }
      // The log doesn't reach back to what the index has, or somebody has written the index anew meanwhile.
      if (!news) await rebuild(state);
      if (round >= maxRounds) throw new Error('The index was written anew at every try');
    }
  }

  /** As they are now: what the index has may have been changed or deleted since. */
  async function verified(entries: readonly SearchEntry[], words: readonly string[]): Promise<MessageRecord[]> {
    const found = await items.getMany(
      entries.map(({ chatId, id }) => keys.message(chatId, id)),
      storedMessageSchema,
    );
    return found.filter((message) => {
      const text = searchableText(message);
      return words.every((word) => text.includes(word));
    });
  }

  return {
    index,
    async find({ text, chatId, before, limit }) {
      const words = wordsOf(text);
      if (words.length === 0) throw noWord();
      const chats = chatId === undefined ? undefined : new Set<ChatId>(partsOf(await requireChat(items, chatId)));
      const all = newestFirst(await candidates(words, chats), before);
      const found: MessageRecord[] = [];
      let looked = 0;
      // One more tells whether there is another page.
      while (found.length <= limit && looked < all.length) {
        const some = all.slice(looked, looked + limit + 1);
        looked += some.length;
        found.push(...(await verified(some, words)));
      }
      const shown = await readChats(items, [...new Set(found.map((message) => message.chatId))]);
      const page = found.slice(0, limit).map((message) => ({
        ...message,
        chatId: shown.get(message.chatId)?.id ?? message.chatId,
      }));
      return { items: page, ...(found.length > limit && { next: page.at(-1)?.id }) };
    },
  };
}

const placedMessageSchema = placeSchema.loose().transform((item) => {
  const message = storedMessageSchema.parse(item);
  return { sk: item.sk, entry: { chatId: message.chatId, id: message.id, text: searchableText(message) } };
});

/** Each message once. */
function newestFirst(entries: readonly SearchEntry[], before: MessageId | undefined): SearchEntry[] {
  const once = new Map(entries.map((entry) => [`${entry.chatId} ${entry.id}`, entry]));
  return [...once.values()]
    .filter(({ id }) => before === undefined || id < before)
    .toSorted((a, b) => compareMessageIds(b.id, a.id));
}

function noWord(): AppError {
  return invalidField({ field: 'text', message: 'has no word', remedy: 'Send at least one letter or digit.' });
}
