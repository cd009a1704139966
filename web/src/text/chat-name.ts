import type { Chat } from '@top-active/core/contracts';
import { formatPhone } from './phone.ts';

/** What to call a chat: its name, else its number, else the given words. */
export function chatName(chat: Pick<Chat, 'name' | 'phone'>, fallback: string): string {
  if (chat.name.trim() !== '') return chat.name;
  return chat.phone ? formatPhone(chat.phone) : fallback;
}
