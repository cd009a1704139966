import type { MessageRecord } from '@top-active/aws';
import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { reactionWords, wordsOf } from './message-words.ts';
import { localDay } from './owner-time.ts';

/** Messages of a chat that the model sees at most, the newest ones. */
export const historyMessages = 40;
const historyCharacters = 16_000;
/** To one message: in a group there may be many. */
const reactionsShown = 10;

interface Utterance {
  at: string;
  role: 'user' | 'assistant';
  content: string;
}

/**
 * A chat, oldest first, as input of a model: the customer is its user, whoever answered is its assistant. A reaction
 * stands where it was given, since a thumb up on a question is an answer.
 */
export function conversationOf(messages: readonly MessageRecord[], timeZone: string): ResponseInputItem[] {
  const items: ResponseInputItem[] = [];
  let day = '';
  for (const { at, role, content } of newestThatFit(messages)) {
    const ownDay = localDay(at, timeZone);
    if (ownDay !== day) items.push({ role: 'developer', content: `Messages of ${ownDay}:` });
    day = ownDay;
    items.push({ role, content });
  }
  return items;
}

function newestThatFit(messages: readonly MessageRecord[]): Utterance[] {
  const utterances = messages
    .slice(-historyMessages)
    .flatMap(utterancesOf)
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const fitting: Utterance[] = [];
  let characters = 0;
  for (const utterance of utterances.toReversed()) {
    characters += utterance.content.length;
    if (characters > historyCharacters && fitting.length > 0) break;
    fitting.unshift(utterance);
  }
  return fitting;
}

function utterancesOf(message: MessageRecord): Utterance[] {
  const content = wordsOf(message);
  if (content === undefined) return [];
  const { author, sentAt, reactions = [] } = message;
  return [
    { at: sentAt, role: author === 'customer' ? 'user' : 'assistant', content },
    ...reactions.slice(-reactionsShown).map((reaction): Utterance => ({
      at: reaction.at > sentAt ? reaction.at : sentAt,
      role: reaction.author === 'customer' ? 'user' : 'assistant',
      content: reactionWords(reaction, message),
    })),
  ];
}
