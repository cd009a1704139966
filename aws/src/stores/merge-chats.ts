import type { ChatId, NewUserEvent, Suggestion } from '@top-active/core/contracts';
import { canBeSamePeer } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import type { Draft } from '../events/event-log.ts';
import type { ItemStore, Write } from '../items/item-store.ts';
import { readChats, readOwnChat, requireChat } from './chat-access.ts';
import { partsOf, putChat } from './chat-record.ts';
import { findPeer, metChat } from './peers.ts';
import { instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';
import { movedSuggestion, readOpenSuggestion, suggestionInChat } from './suggestion-record.ts';
import type { ChatRecord, MergedRecord } from './chat-schema.ts';

type Context = Pick<StoreContext, 'items' | 'now'>;

/** Each part is a query of every page that is read. Nobody has so many; more are left as chats of their own. */
const maxParts = 20;

/** Merges the chats that turn out to be one peer's, if that is what these ids say. */
export async function mergeTold(
  context: Pick<StoreContext, 'items' | 'now' | 'events'>,
  waIds: readonly string[],
): Promise<void> {
  await context.events.commit(async () => {
    const { home, same } = await findPeer(context.items, waIds);
    if (!home || same.length === 0) return { changes: [], events: [], result: undefined };
    const draft = await decideMerge(context, [home.id, ...same.map(({ id }) => id)]);
    return { ...draft, result: undefined };
  });
}

/** Decides which chats are merged into one, and what that changes. See `ChatStore.merge`. */
export async function decideMerge(
  { items, now }: Context,
  chatIds: readonly [ChatId, ...ChatId[]],
): Promise<Draft<ChatRecord>> {
  const first = await requireChat(items, chatIds[0]);
  const found = await readChats(items, chatIds);
  const group = [first];
  for (const chat of new Set(found.values()))
    if (!group.some(({ id }) => id === chat.id) && group.every((one) => mayMerge(one, chat))) group.push(chat);
  return decideOne({ items, now }, [first, ...group.slice(1)]);
}

/**
 * Decides what becomes of two chats that the owner took apart and wants to be one after all. See `ChatStore.rejoin`.
 * @throws {AppError} `chat_not_found`; `conflict` when they were never taken apart, or can't be one person's any more
 */
export async function decideRejoin(
  context: Context,
  { chatId, otherId }: { chatId: ChatId; otherId: ChatId },
): Promise<Draft<ChatRecord>> {
  const chat = await requireChat(context.items, chatId);
  const other = await requireChat(context.items, otherId);
  if (chat.id === other.id) return { changes: [], events: [], result: chat };
  const [one, two] = [reconciledWith(chat, other), reconciledWith(other, chat)];
  const wereApart =
    one.apartFrom?.length !== chat.apartFrom?.length || two.apartFrom?.length !== other.apartFrom?.length;
  if (!wereApart || !mayMerge(one, two)) throw notApart();
  return decideOne(context, [one, two]);
}

function reconciledWith(chat: ChatRecord, other: ChatRecord): ChatRecord {
  const parts = new Set(partsOf(other));
  return { ...chat, apartFrom: chat.apartFrom?.filter((id) => !parts.has(id)) };
}

/** The chats as one, in the oldest of them. */
async function decideOne(
  { items, now }: Context,
  group: readonly [ChatRecord, ...ChatRecord[]],
): Promise<Draft<ChatRecord>> {
  const [first] = group;
  if (group.length === 1) return { changes: [], events: [], result: first };
  const [oldest = first, ...others] = group.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const home = others.reduce((whole, chat) => withMerged(whole, chat, instant(now())), oldest);
  const redirects = await Promise.all(others.map((chat) => redirectsTo(items, home.id, chat)));
  const open = await followingSuggestions(items, home, group);
  return {
    changes: [putChat(home), ...redirects.flat(), ...open.changes],
    events: [{ type: 'chat.updated', ids: { chatId: home.id } }, ...open.events],
    result: home,
  };
}

function mayMerge(a: ChatRecord, b: ChatRecord): boolean {
  return (
    a.isGroup === b.isGroup &&
    partsOf(a).length + partsOf(b).length <= maxParts &&
    canBeSamePeer(metChat(a), metChat(b))
  );
}

/** The older chat, which keeps its id and its assistant's switch, with what is newer of both. */
function withMerged(home: ChatRecord, other: ChatRecord, mergedAt: string): ChatRecord {
  const [older, newer] = home.updatedAt > other.updatedAt ? [other, home] : [home, other];
  const { lastMessage, lastOrder } = (home.lastMessage?.id ?? '') > (other.lastMessage?.id ?? '') ? home : other;
  const lastInboundId = latest(home.lastInboundId, other.lastInboundId);
  const lastOutboundId = latest(home.lastOutboundId, other.lastOutboundId);
  const isAnswered = (lastOutboundId ?? '') > (lastInboundId ?? '');
  const { id, name, phone } = { ...other, ...other.own };
  const entry: MergedRecord = { id, name, phone, mergedAt, waIds: ownIds(other) };
  return {
    ...home,
    name: newer.name || older.name,
    phone: newer.phone ?? older.phone,
    primaryWaId: newer.primaryWaId,
    unread: isAnswered ? 0 : home.unread + other.unread,
    lastMessage,
    lastOrder,
    historyMissing: home.historyMissing ?? other.historyMissing,
    lastInboundId,
    lastOutboundId,
    updatedAt: newer.updatedAt,
    waIds: [...new Set([...home.waIds, ...other.waIds])],
    own: home.own ?? { name: home.name, phone: home.phone, primaryWaId: home.primaryWaId },
    merged: [...(home.merged ?? []), entry, ...(other.merged ?? [])],
    apartFrom: [...new Set([...(home.apartFrom ?? []), ...(other.apartFrom ?? [])])],
  };
}

/** What is left of a chat that was merged, and of those merged into it before: the way to the whole. */
async function redirectsTo(items: ItemStore, home: ChatId, chat: ChatRecord): Promise<Write[]> {
  const { merged = [], own, ...rest } = chat;
  const parts = await Promise.all(merged.map(({ id }) => readOwnChat(items, id)));
  return [{ ...rest, ...own, waIds: ownIds(chat) }, ...parts.filter((part) => part !== undefined)].map((part) =>
    putChat({ ...part, mergedInto: home }),
  );
}

function ownIds({ waIds, merged = [] }: ChatRecord): string[] {
  const others = new Set(merged.flatMap((one) => one.waIds));
  return waIds.filter((waId) => !others.has(waId));
}

/**
 * The pending suggestion that still answers the newest message goes on in the merged chat, the others are out of date.
 */
async function followingSuggestions(
  items: ItemStore,
  home: ChatRecord,
  group: readonly ChatRecord[],
): Promise<{ changes: Write[]; events: NewUserEvent[] }> {
  const found = await Promise.all(group.map(({ id }) => readOpenSuggestion(items, id)));
  const open = found.filter((one) => one !== undefined);
  const newest = latest(home.lastInboundId, home.lastOutboundId) ?? '';
  const goesOn = open.find(({ answers }) => answers >= newest);
  const moved = open.map((one: Suggestion) =>
    one === goesOn ? suggestionInChat(one, home.id) : movedSuggestion(one, { ...one, state: 'superseded' }),
  );
  const changes = moved.flatMap((one) => one.changes);
  // One transaction writes each item once: the pointer of the home is overwritten, not deleted first.
  const put = new Set(changes.filter(({ kind }) => kind === 'put').map(({ sk }) => sk));
  return {
    changes: changes.filter(({ kind, sk }) => kind !== 'delete' || !put.has(sk)),
    events: moved.flatMap(({ events }) => events),
  };
}

function notApart(): AppError {
  return new AppError('conflict', {
    detail: 'These chats were not separated, or they now belong to two people.',
    remedy: 'Read the list of chats again.',
  });
}

function latest(a: string | undefined, b: string | undefined): string | undefined {
  return (a ?? '') > (b ?? '') ? a : b;
}
