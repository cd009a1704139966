import type { ChatId } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import type { ItemStore } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { storedChatSchema, type ChatRecord } from './chat-schema.ts';

/** The chat, or the one that it was merged into. */
export async function readChat(items: ItemStore, chatId: ChatId): Promise<ChatRecord | undefined> {
  return (await readChats(items, [chatId])).get(chatId);
}

/** Chats by the requested id: each chat itself, or the one that it was merged into. */
export async function readChats(items: ItemStore, chatIds: readonly ChatId[]): Promise<Map<ChatId, ChatRecord>> {
  const found = await readItems(items, chatIds);
  const into = found.flatMap(({ mergedInto }) => (mergedInto === undefined ? [] : [mergedInto]));
  const homes = new Map([...found, ...(await readItems(items, into))].map((chat) => [chat.id, chat]));
  return new Map(
    found.flatMap((chat) => {
      const home = homes.get(chat.mergedInto ?? chat.id);
      return home ? [[chat.id, home]] : [];
    }),
  );
}

/** The item of this chat itself, even if it was merged into another. */
export async function readOwnChat(items: ItemStore, chatId: ChatId): Promise<ChatRecord | undefined> {
  return (await readItems(items, [chatId]))[0];
}

async function readItems(items: ItemStore, chatIds: readonly ChatId[]): Promise<ChatRecord[]> {
  const [only, ...more] = chatIds;
  if (only === undefined) return [];
  if (more.length > 0)
    return items.getMany(
      chatIds.map((id) => keys.chat(id)),
      storedChatSchema,
    );
  const chat = await items.get(keys.chat(only), storedChatSchema);
  return chat ? [chat] : [];
}

/** @throws {AppError} `chat_not_found`, for a neighbour's chat as for none at all */
export async function requireChat(items: ItemStore, chatId: ChatId): Promise<ChatRecord> {
  const chat = await readChat(items, chatId);
  if (chat) return chat;
  throw new AppError('chat_not_found');
}
