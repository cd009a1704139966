import { chatIdSchema, type ChatId } from '@top-active/core/contracts';
import { canonicalWaId, orderOf } from '@top-active/core/domain';
import { z } from 'zod';
import type { Draft } from '../events/event-log.ts';
import type { ItemStore } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { readOwnChat, requireChat } from './chat-access.ts';
import { partsOf, previewOf, putChat } from './chat-record.ts';
import { readPart } from './message-record.ts';
import { readMessages } from './message-range.ts';
import { aliasWrites } from './peers.ts';
import { readOpenSuggestion, suggestionInChat } from './suggestion-record.ts';
import type { ChatRecord, MergedRecord, OwnName } from './chat-schema.ts';
import type { MessageRecord } from './message-schema.ts';

/**
 * More than this many messages of one side after the last of the other count as never answered, which comes to the
 * same.
 */
const lookBack = 100;
const aliasSchema = z.object({ waId: z.string(), chatId: chatIdSchema });

/** Decides what taking a merged chat out changes. See `ChatStore.unmerge`. */
export async function decideUnmerge(
  items: ItemStore,
  { chatId, mergedId }: { chatId: ChatId; mergedId: ChatId },
): Promise<Draft<[ChatRecord, ChatRecord]>> {
  const whole = await requireChat(items, chatId);
  const entry = whole.merged?.find(({ id }) => id === mergedId);
  if (!entry) {
    // Taken out before, or never a part.
    const other = await requireChat(items, whole.apartFrom?.includes(mergedId) ? mergedId : '');
    return { changes: [], events: [], result: [whole, other] };
  }
  const redirect = await readOwnChat(items, mergedId);
  if (!redirect) throw new Error(`The item of merged chat ${mergedId} is gone`);
  const rest = partsOf(whole).filter((id) => id !== mergedId);
  const [mine, theirs] = await Promise.all([newestOf(items, rest), newestOf(items, [mergedId])]);
  const unread = unreadOf(whole, mine, theirs);
  const home = withNewest({ ...withoutMerged(whole, entry), unread: unread.mine }, mine);
  const out = withNewest({ ...takenOut(redirect, entry, whole.id), unread: unread.theirs }, theirs);

  const astray = (
    await items.getMany(
      entry.waIds.map((waId) => keys.peer(waId)),
      aliasSchema,
    )
  ).filter((alias) => alias.chatId !== mergedId);
  const open = await readOpenSuggestion(items, whole.id);
  const follows = open && (await readPart(items, mergedId, open.answers));
  const moved = follows ? suggestionInChat(open, mergedId) : { changes: [], events: [] };
  return {
    changes: [
      putChat(home),
      putChat(out),
      ...aliasWrites(
        astray.map(({ waId }) => waId),
        mergedId,
      ),
      ...moved.changes,
    ],
    events: [
      { type: 'chat.updated', ids: { chatId: home.id } },
      { type: 'chat.updated', ids: { chatId: out.id } },
      ...moved.events,
    ],
    result: [home, out],
  };
}

/** What is only planned is neither an answer nor what a chat shows as its newest. */
async function newestOf(items: ItemStore, parts: readonly ChatId[]): Promise<MessageRecord[]> {
  const newest = await readMessages(items, parts, { descending: true, limit: lookBack });
  return newest.filter(({ plannedFor }) => plannedFor === undefined);
}

function withoutMerged(whole: ChatRecord, entry: MergedRecord): ChatRecord {
  const { own: before, merged = [], ...chat } = whole;
  const waIds = whole.waIds.filter((waId) => !entry.waIds.includes(waId));
  const others = merged.filter(({ id }) => id !== entry.id);
  return {
    ...chat,
    ...(before && named(before, waIds)),
    waIds,
    ...(others.length > 0 && { merged: others, own: before }),
    apartFrom: [...new Set([...(whole.apartFrom ?? []), entry.id])],
  };
}

function takenOut(redirect: ChatRecord, entry: MergedRecord, from: ChatId): ChatRecord {
  const { mergedInto: _, ...chat } = redirect;
  return {
    ...chat,
    ...named(chat, entry.waIds),
    waIds: entry.waIds,
    apartFrom: [...new Set([...(redirect.apartFrom ?? []), from])],
  };
}

/** A name and an address that are this chat's own: what leads elsewhere now is not to be written to. */
function named({ name, phone, primaryWaId }: OwnName, waIds: readonly string[]): OwnName {
  const isOwn = (waId: string) => waIds.includes(canonicalWaId(waId));
  return {
    name,
    phone: phone !== undefined && isOwn(`${phone}@c.us`) ? phone : undefined,
    primaryWaId: isOwn(primaryWaId) ? primaryWaId : (waIds[0] ?? primaryWaId),
  };
}

function withNewest(chat: ChatRecord, messages: readonly MessageRecord[]): ChatRecord {
  const [newest] = messages;
  return {
    ...chat,
    lastMessage: newest && previewOf(newest),
    lastOrder: newest ? orderOf(newest.id) : '',
    lastInboundId: messages.find(({ direction }) => direction === 'in')?.id,
    lastOutboundId: messages.find(({ direction }) => direction === 'out')?.id,
    updatedAt: newest?.sentAt ?? chat.updatedAt,
  };
}

/** Whose the newest messages are that the owner hasn't read. */
function unreadOf(
  { unread }: ChatRecord,
  mine: readonly MessageRecord[],
  theirs: readonly MessageRecord[],
): { mine: number; theirs: number } {
  const inbound = [...mine, ...theirs]
    .filter(({ direction }) => direction === 'in')
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, Math.max(0, unread));
  const ofMine = inbound.filter((message) => mine.includes(message)).length;
  return { mine: ofMine, theirs: inbound.length - ofMine };
}
