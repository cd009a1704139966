import type { MessageRecord } from '@top-active/aws';
import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { localDay } from './owner-time.ts';

/** Messages of a chat that the model sees at most, the newest ones. */
export const historyMessages = 40;
const historyCharacters = 16_000;
const messageCharacters = 2_000;

/** A chat, oldest message first, as input of a model: the customer is its user, whoever answered is its assistant. */
export function conversationOf(messages: readonly MessageRecord[], timeZone: string): ResponseInputItem[] {
  const items: ResponseInputItem[] = [];
  let day = '';
  for (const message of newestThatFit(messages)) {
    const messageDay = localDay(message.sentAt, timeZone);
    if (messageDay !== day) items.push({ role: 'developer', content: `Messages of ${messageDay}:` });
    day = messageDay;
    items.push({ role: message.author === 'customer' ? 'user' : 'assistant', content: textOf(message) });
  }
  return items;
}

function newestThatFit(messages: readonly MessageRecord[]): MessageRecord[] {
  const fitting: MessageRecord[] = [];
  let characters = 0;
  for (const message of messages.slice(-historyMessages).toReversed()) {
    if (message.kind === 'revoked') continue;
    characters += textOf(message).length;
    if (characters > historyCharacters && fitting.length > 0) break;
    fitting.unshift(message);
  }
  return fitting;
}

function textOf({ kind, text }: MessageRecord): string {
  if (text === '') return `[${kind} without text]`;
  return text.length > messageCharacters ? `${text.slice(0, messageCharacters)} […]` : text;
}
