import { chatIdSchema, type ChatId, type NewUserEvent } from '@top-active/core/contracts';
import { canonicalWaId, identifyPeer, isHiddenId, type MetChat } from '@top-active/core/domain';
import { z } from 'zod';
import type { ItemStore, Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { readChats } from './chat-access.ts';
import { canonicalIds, partsOf, putChat } from './chat-record.ts';
import type { ChatRecord } from './chat-schema.ts';

/** The peer to whom ids belong that WhatsApp reports together. See `identifyPeer`. */
export interface Peer {
  /** Canonical ids that are this peer's now; those that lead to a chat kept apart are not. */
  told: string[];
  home: ChatRecord | undefined;
  /** The chat among the parts of `home` that the id in use leads to: its messages are stored there. */
  part: ChatId | undefined;
  /** To be merged with `home` before anything else is stored. */
  same: ChatRecord[];
  /** All other chats that ids led to so far: what is told again may be known there. */
  others: ChatRecord[];
  /** Ids that don't lead to `home` yet. */
  joins: string[];
  /** Chats as they are without the numbers that have changed hands. */
  left: ChatRecord[];
}

const aliasSchema = z.object({ waId: z.string(), chatId: chatIdSchema });

export async function findPeer(items: ItemStore, waIds: readonly string[]): Promise<Peer> {
  const told = canonicalIds(waIds);
  const aliases = await items.getMany(
    told.map((waId) => keys.peer(waId)),
    aliasSchema,
  );
  const chats = await readChats(items, [...new Set(aliases.map(({ chatId }) => chatId))]);
  const chatOf = (waId: string) => {
    const alias = aliases.find((one) => one.waId === waId);
    return alias && chats.get(alias.chatId);
  };
  const leads = new Map(
    told.flatMap((waId): [string, MetChat][] => {
      const chat = chatOf(waId);
      return chat ? [[waId, metChat(chat)]] : [];
    }),
  );
  const { home: homeId, same, joins, leaves } = identifyPeer(told, leads);
  const byId = new Map([...chats.values()].map((chat) => [chat.id, chat]));
  const home = homeId === undefined ? undefined : byId.get(homeId);
  const ofHome = (waId: string) => !joins.includes(waId) && chatOf(waId)?.id === homeId;
  const inUse = told.find(ofHome);
  return {
    told: told.filter((waId) => joins.includes(waId) || ofHome(waId)),
    home,
    part: home && (aliases.find(({ waId }) => waId === inUse)?.chatId ?? home.id),
    same: same.flatMap((id) => byId.get(id) ?? []),
    others: [...byId.values()].filter(({ id }) => id !== homeId),
    joins,
    left: [...new Set(leaves.map(({ chatId }) => chatId))].flatMap((chatId) => {
      const chat = byId.get(chatId);
      const gone = leaves.filter((one) => one.chatId === chatId).map(({ waId }) => waId);
      return chat ? [withoutIds(chat, gone)] : [];
    }),
  };
}

export function metChat(chat: ChatRecord): MetChat {
  const { id, waIds, apartFrom = [] } = chat;
  return { id, waIds, merged: partsOf(chat).slice(1), apartFrom };
}

/** The peer's chat with the ids that join it, and those that a damaged one has lost. */
export function withIds(chat: ChatRecord, { joins, part, told }: Pick<Peer, 'joins' | 'part' | 'told'>): ChatRecord {
  if (told.every((waId) => chat.waIds.includes(waId))) return chat;
  const merged = chat.merged?.map((one) =>
    one.id === part ? { ...one, waIds: [...new Set([...one.waIds, ...joins])] } : one,
  );
  return { ...chat, waIds: [...new Set([...chat.waIds, ...told])], ...(merged && { merged }) };
}

/** Lets the ids lead to the peer's chat from now on. `chatId`: of the chat that is made when there is none. */
export function peerWrites({ joins, part, left }: Peer, chatId: ChatId): { changes: Write[]; events: NewUserEvent[] } {
  return {
    changes: [...aliasWrites(joins, part ?? chatId), ...left.map((chat) => putChat(chat))],
    events: left.map(({ id }) => ({ type: 'chat.updated', ids: { chatId: id } })),
  };
}

export function aliasWrites(waIds: readonly string[], chatId: ChatId): Write[] {
  return waIds.map((waId) => ({ kind: 'put', sk: keys.peer(waId), item: { waId, chatId } }));
}

/** Nothing may be sent to the number any more: it is somebody else's. Who loses a number has a hidden id. */
function withoutIds(chat: ChatRecord, gone: readonly string[]): ChatRecord {
  const stays = (waId: string) => !gone.includes(canonicalWaId(waId));
  const waIds = chat.waIds.filter(stays);
  const primaryWaId = stays(chat.primaryWaId) ? chat.primaryWaId : (waIds.find(isHiddenId) ?? chat.primaryWaId);
  const phone = chat.phone !== undefined && stays(`${chat.phone}@c.us`) ? chat.phone : undefined;
  const merged = chat.merged?.map((one) => ({ ...one, waIds: one.waIds.filter(stays) }));
  return { ...chat, waIds, primaryWaId, phone, ...(merged && { merged }) };
}
