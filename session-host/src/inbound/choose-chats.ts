import type { ChatRecord } from '@top-active/aws';
import type { EngineChat } from '../engine/engine.ts';
import type { BehindChats } from './behind-chats.ts';
import { changedSince, newestSecond } from './look-back.ts';

/** At the first link so many chats, the newest ones. */
const historyChats = 200;
/**
 * Later than so long after a message hardly anybody reads it for the first time or reacts to it, and many people never
 * let it be seen.
 */
const answersMs = 24 * 3_600_000;

/** What is to be fetched, and since when. */
export interface Wanted {
  /** Until then everything had been stored as it came; undefined before the first link. */
  caughtUpAt: Date | undefined;
  /** The chats' history has never been stored as a whole. */
  history: boolean;
  behind: BehindChats;
}

/**
 * Chats of which something may be missing here, the newest first.
 * @param options.known what is stored of the chat of a peer
 * @param options.now epoch milliseconds
 */
export function chooseChats(
  chats: readonly EngineChat[],
  options: { wanted: Wanted; known: (peer: string) => ChatRecord | undefined; now: number },
): EngineChat[] {
  const { wanted, known, now } = options;
  const since = wanted.caughtUpAt && changedSince(wanted.caughtUpAt);

  function mayLackSomething(chat: EngineChat): boolean {
    const record = known(chat.peer);
    return (
      record?.historyMissing === true ||
      (since !== undefined && chat.lastMessageAt >= since) ||
      wanted.behind.get(chat.peer) !== undefined ||
      isStale(chat, record) ||
      isAnswerable(record, now)
    );
  }

  return chats
    .filter((chat) => chat.lastMessageAt > 0)
    .toSorted((a, b) => b.lastMessageAt - a.lastMessageAt)
    .filter((chat, place) => (wanted.history && place < historyChats) || mayLackSomething(chat));
}

/** Known, and WhatsApp has newer messages than the store, however long ago they came. */
function isStale(chat: EngineChat, record: ChatRecord | undefined): boolean {
  const newest = newestSecond(record);
  return newest !== undefined && newest < chat.lastMessageAt;
}

/**
 * The last word is the owner's: ticks come for it, and the answer to it may be a reaction, of which the list of chats
 * shows nothing.
 */
function isAnswerable(record: ChatRecord | undefined, now: number): boolean {
  const message = record?.lastMessage;
  if (!message || message.author === 'customer' || message.delivery === 'failed') return false;
  return now - Date.parse(message.sentAt) < answersMs;
}
