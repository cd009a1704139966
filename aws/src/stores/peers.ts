import { chatIdSchema, type ChatId } from '@top-active/core/contracts';
import { z } from 'zod';
import type { ItemStore, Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { canonicalIds } from './chat-record.ts';

export interface Peer {
  /** The peer's chat; of several (two ids that only now turn out to be one person) the oldest. */
  chatId: ChatId | undefined;
  /** All chats that the ids led to so far. */
  chatIds: readonly ChatId[];
  /** Canonical ids that don't lead to that chat yet. */
  unknown: readonly string[];
}

const aliasSchema = z.object({ waId: z.string(), chatId: chatIdSchema });

export async function findPeer(items: ItemStore, waIds: readonly string[]): Promise<Peer> {
  const ids = canonicalIds(waIds);
  const aliases = await items.getMany(
    ids.map((waId) => keys.peer(waId)),
    aliasSchema,
  );
  const chatIds = [...new Set(aliases.map((alias) => alias.chatId))].toSorted();
  const chatId = chatIds[0];
  const known = new Set(aliases.filter((alias) => alias.chatId === chatId).map((alias) => alias.waId));
  return { chatId, chatIds, unknown: ids.filter((waId) => !known.has(waId)) };
}

/** Lets ids lead to a chat from now on. */
export function aliasWrites(waIds: readonly string[], chatId: ChatId): Write[] {
  return waIds.map((waId) => ({ kind: 'put', sk: keys.peer(waId), item: { waId, chatId } }));
}
