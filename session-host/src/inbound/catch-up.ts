import { canonicalWaId } from '@top-active/core/domain';
import {
  metrics,
  newTraceId,
  withTrace,
  type ChatRecord,
  type Contact,
  type Log,
  type RecordedMessage,
  type Tenant,
} from '@top-active/aws';
import type { EngineChat, EngineMessage, EngineSession } from '../engine/engine.ts';
import type { ChatKeys } from './chat-keys.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import { readKnownChats } from './known-chats.ts';
import type { StoreOptions } from './inbound.ts';
import { toIncoming } from './to-incoming.ts';
import { untilStored } from './until-stored.ts';

/** Clocks differ, and a message can be older than its arrival: look back further than seems necessary. Seconds. */
const overlap = 120;
/** WhatsApp lets a message be edited for so long after it was sent: one that changed meanwhile isn't older. Seconds. */
const editable = 15 * 60;
/** At the first link: so many chats, with so many messages each. */
const historyChats = 200;
const historyMessages = 20;
/** So many are looked at again in any case: the older ones may have been deleted, or read. */
const lookedAtAgain = 20;
/** Of one chat, at one return: what is older stays on the phone. A group that never sleeps writes some thousands a day. */
const atMost = 20_000;
/** Later than so long after a message hardly anybody reads it for the first time or reacts to it, and many people never let it be seen. */
const answersMs = 24 * 3_600_000;

interface Options {
  tenant: Tenant;
  keys: ChatKeys;
  queue: KeyedQueue;
  log: Log;
  signal: AbortSignal;
  describe: (peer: string, engine: EngineSession) => Promise<Contact>;
  store: (message: EngineMessage, options: StoreOptions) => Promise<RecordedMessage | undefined>;
}

/**
 * Puts the fetching of each chat that may have changed while nobody listened into the chat's place in the queue. Resolves when they stand
 * there; `complete` tells later whether all of them succeeded.
 */
export function createCatchUp({ tenant, keys, queue, log, signal, describe, store }: Options) {
  return async (engine: EngineSession, caughtUpAt: Date | undefined): Promise<{ complete: Promise<boolean> }> => {
    const [chats, known] = await Promise.all([engine.listChats(), readKnownChats(tenant, log)]);
    const gap = caughtUpAt && { since: caughtUpAt, until: new Date() };
    const since = gap && secondOf(gap.since) - overlap - editable;
    const wanted = chats
      .filter((chat) => chat.lastMessageAt > 0)
      .filter((chat) => since === undefined || chat.lastMessageAt >= since || mayHaveChanged(chat, known(chat.peer)))
      .toSorted((a, b) => b.lastMessageAt - a.lastMessageAt)
      .slice(0, since === undefined ? historyChats : undefined);
    const outcomes = wanted.map((chat) =>
      queue
        .run(keys.keyOf(chat.peer), () => catchUpChat(chat, { engine, gap, record: known(chat.peer) }))
        .catch((error: unknown) => {
          log.warn('A chat could not be caught up with', {}, error);
          return undefined;
        }),
    );
    const complete = Promise.all(outcomes).then((counts) => {
      const found = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
      const isComplete = !counts.includes(undefined);
      log.info('Caught up', { chats: wanted.length, messages: found });
      metrics.emit('CatchUps');
      // What is read at the first link is history.
      if (since !== undefined) metrics.emit('MessagesCaughtUp', found);
      if (!isComplete) metrics.emit('CatchUpFailures');
      return isComplete;
    });
    return { complete };
  };

  async function catchUpChat(
    chat: EngineChat,
    {
      engine,
      gap,
      record: listed,
    }: { engine: EngineSession; gap: Absence | undefined; record: ChatRecord | undefined },
  ): Promise<number> {
    const since = gap && secondOf(gap.since) - overlap;
    // Listed a moment ago: who reads a little too early begins a little too early.
    const record = listed ?? (await findUnderOtherId(chat.peer, engine));
    const cursor = secondsOf(record);
    const now = Math.floor(Date.now() / 1000);
    const from = Math.min(since ?? now, cursor === undefined ? Infinity : cursor - overlap);
    const messages = await engine.fetchSince(chat.peer, {
      since: cursor === undefined ? from : from - editable,
      atLeast: cursor === undefined ? historyMessages : lookedAtAgain,
      atMost,
    });
    if (messages.length === 0) return 0;
    const contact: Contact = { ...(await describe(chat.peer, engine)), unread: chat.unread };
    const told = record && (await findTold(record, messages));
    // What comes under an id that is new here may make two chats one: then every message is told to the store.
    const isMet = contact.waIds.every((waId) => record?.waIds.includes(canonicalWaId(waId)));
    let found = 0;
    const missed: RecordedMessage[] = [];
    for (const [place, message] of messages.entries()) {
      if (signal.aborted) throw new Error('The host stops');
      const stored = told?.[place];
      const isOld = cursor !== undefined && message.sentAt < from;
      // Older than what is fetched: history that was never wanted.
      if (isOld && !stored) continue;
      const missedSince = gap && isMissed(message, gap) ? gap.since.toISOString() : undefined;
      const isAsStored = stored && !stored.hasNews && (isMet || isOld);
      const outcome = isAsStored
        ? stored.recorded
        : await withTrace(newTraceId(), () => store(message, { contact, missedSince }));
      if (outcome) engine.noteStored(message);
      if (outcome?.stored) found++;
      // Also what an earlier attempt stored before it was interrupted.
      if (outcome && missedSince !== undefined && outcome.missedSince === missedSince) missed.push(outcome);
    }
    if (gap) await noteGap(missed, gap);
    return found;
  }

  /** The chat may have had another id until now. */
  async function findUnderOtherId(peer: string, engine: EngineSession): Promise<ChatRecord | undefined> {
    const chatId =
      (await tenant.chats.resolvePeer([peer])) ??
      (await tenant.chats.resolvePeer((await describe(peer, engine)).waIds));
    return chatId === undefined ? undefined : tenant.chats.get(chatId);
  }

  /** Reconnecting is frequent, and nearly all that WhatsApp tells then is known: it costs one question for a chat. */
  function findTold({ id: chatId }: ChatRecord, messages: readonly EngineMessage[]) {
    return tenant.messages.findTold({ chatId, messages: messages.map((message) => toIncoming(message)) });
  }

  async function noteGap(missed: readonly RecordedMessage[], { since, until }: Absence): Promise<void> {
    const [first] = missed.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
    if (!first) return;
    const { chatId, messageId } = first;
    const gap = { messages: missed.length, since: since.toISOString(), until: until.toISOString() };
    await untilStored(() => tenant.messages.noteGap({ chatId, messageId, gap }), { what: 'gap', log, signal });
  }
}

/** From when on nobody listened, and when WhatsApp was asked for what came meanwhile. */
interface Absence {
  since: Date;
  until: Date;
}

/** What is older than the link is history, and what is newer than the question is live. */
function isMissed({ sentAt }: EngineMessage, { since, until }: Absence): boolean {
  return sentAt >= secondOf(since) - overlap && sentAt <= secondOf(until);
}

function secondOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** Newer messages, or ticks and reactions that were still to come. */
function mayHaveChanged(chat: EngineChat, record: ChatRecord | undefined): boolean {
  return isStale(chat, record) || isAnswerable(record);
}

/** The last word is the owner's: ticks come for it, and the answer to it may be a reaction, of which the list of chats shows nothing. */
function isAnswerable(record: ChatRecord | undefined): boolean {
  const message = record?.lastMessage;
  if (!message || message.author === 'customer' || message.delivery === 'failed') return false;
  return Date.now() - Date.parse(message.sentAt) < answersMs;
}

/** Known, and WhatsApp has newer messages than the store, however long ago they came. */
function isStale(chat: EngineChat, record: ChatRecord | undefined): boolean {
  const newest = secondsOf(record);
  return newest !== undefined && newest < chat.lastMessageAt;
}

/** The first 13 digits of a message id are its second in milliseconds, and its place within that second. */
function secondsOf(record: ChatRecord | undefined): number | undefined {
  return record === undefined || record.lastOrder === '' ? undefined : Math.floor(Number(record.lastOrder) / 1000);
}
