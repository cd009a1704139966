import type { ChatId } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import type { ItemStore } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { chatRecordSchema } from './chat-record.ts';
import type { ChatRecord } from './chats.ts';

export function readChat(items: ItemStore, chatId: ChatId): Promise<ChatRecord | undefined> {
  return items.get(keys.chat(chatId), chatRecordSchema);
}

/** @throws {AppError} `chat_not_found`, for a neighbour's chat as for none at all */
export async function requireChat(items: ItemStore, chatId: ChatId): Promise<ChatRecord> {
  const chat = await readChat(items, chatId);
  if (chat) return chat;
  throw new AppError({
    code: 'chat_not_found',
    status: 404,
    detail: 'There is no such chat.',
    remedy: 'Read the list of chats again.',
  });
}
