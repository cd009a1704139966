import type { Gap } from '@top-active/core/contracts';
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
import type { BehindChat, BehindChats } from './behind-chats.ts';
import type { ChatKeys } from './chat-keys.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import { readKnownChats } from './known-chats.ts';
import type { StoreOptions } from './store-options.ts';
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
/**
 * Of one chat, at one return: what is older stays on the phone. A group that never sleeps writes some thousands a day.
 */
const atMost = 20_000;
/**
 * Later than so long after a message hardly anybody reads it for the first time or reacts to it, and many people never
 * let it be seen.
 */
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

/** What is to be fetched, and since when. */
export interface Wanted {
  /** Until then everything had been stored as it came; undefined before the first link. */
  caughtUpAt: Date | undefined;
  /** The chats' history has never been stored as a whole. */
  history: boolean;
  behind: BehindChats;
}

/** Chats of one return: those that were fetched, and those that could not be. */
export interface Outcome {
  failed: string[];
}

/** Fetches what came while nobody listened. Each chat is fetched by itself: one that can't be holds up no other. */
export function createCatchUp({ tenant, keys, queue, log, signal, describe, store }: Options) {
  return { scan, again, noteMissing };

  /**
   * Puts the fetching of each chat that may have changed while nobody listened into the chat's place in the queue.
   * Resolves when they stand there; `outcome` tells later which of them failed.
   */
  async function scan(engine: EngineSession, wanted: Wanted): Promise<{ outcome: Promise<Outcome> }> {
    const { caughtUpAt, history, behind } = wanted;
    const [chats, known] = await Promise.all([engine.listChats(), readKnownChats(tenant, log)]);
    const until = new Date();
    const since = caughtUpAt && secondOf(caughtUpAt) - overlap - editable;
    const isRecent = (chat: EngineChat) =>
      known(chat.peer)?.historyMissing === true ||
      (since !== undefined && chat.lastMessageAt >= since) ||
      behind.get(chat.peer) !== undefined ||
      mayHaveChanged(chat, known(chat.peer));
    const ordered = chats
      .filter((chat) => chat.lastMessageAt > 0)
      .toSorted((a, b) => b.lastMessageAt - a.lastMessageAt);
    const chosen = ordered.filter((chat, place) => (history && place < historyChats) || isRecent(chat));
    const outcomes = chosen.map((chat) => {
      const began = behind.get(chat.peer);
      const from = began ? began.since : caughtUpAt;
      const gap = from && { since: from, until };
      return queue
        .run(keys.keyOf(chat.peer), () => {
          const record = known(chat.peer);
          const isWithout = history || from === undefined || record?.historyMissing === true;
          return catchUpChat(chat, { engine, gap, history: isWithout, record });
        })
        .then((found) => ({ peer: chat.peer, found }))
        .catch((error: unknown) => {
          log.warn('A chat could not be caught up with', {}, error);
          return { peer: chat.peer, found: undefined };
        });
    });
    const outcome = Promise.all(outcomes).then((ended) => {
      const found = ended.reduce((sum, one) => sum + (one.found ?? 0), 0);
      const failed = ended.filter((one) => one.found === undefined).map(({ peer }) => peer);
      log.info('Caught up', { chats: chosen.length, failed: failed.length, messages: found });
      metrics.emit('CatchUps');
      // What is read at the first link is history.
      if (since !== undefined) metrics.emit('MessagesCaughtUp', found);
      if (failed.length > 0) metrics.emit('CatchUpFailures');
      return { failed };
    });
    return { outcome };
  }

  /** One chat once more, in its place in the queue. */
  async function again(engine: EngineSession, { peer, since }: BehindChat): Promise<void> {
    const gap = since && { since, until: new Date() };
    const chat = { peer, lastMessageAt: 0 };
    const options = { engine, gap, history: since === undefined, record: undefined };
    await queue.run(keys.keyOf(peer), () => catchUpChat(chat, options));
  }

  /**
   * Nothing more is tried for now: the thread says that some may be missing. A chat of which nothing is stored is shown
   * without messages. One without its history is remembered, since the time until when everything is stored goes on
   * without it.
   */
  async function noteMissing(engine: EngineSession, { peer, since: known }: BehindChat): Promise<void> {
    const since = known ?? new Date(0);
    await queue.run(keys.keyOf(peer), async () => {
      const contact = await describe(peer, engine);
      const told: Contact = known ? contact : { ...contact, historyMissing: true };
      const upserted = await untilStored(() => tenant.chats.upsertContact(told), { what: 'contact', log, signal });
      if (!upserted) return;
      const { chatId } = upserted;
      const messageId = (await tenant.chats.get(chatId))?.lastMessage?.id;
      if (messageId === undefined) return;
      const gap = {
        messages: 0,
        since: since.toISOString(),
        until: new Date().toISOString(),
        incomplete: true,
      } as const;
      await tenant.messages.noteGap({ chatId, messageId, gap });
    });
  }

  async function catchUpChat(
    chat: Omit<EngineChat, 'unread'> & { unread?: number },
    {
      engine,
      gap,
      history,
      record: listed,
    }: { engine: EngineSession; gap: Absence | undefined; history: boolean; record: ChatRecord | undefined },
  ): Promise<number> {
    const since = gap && secondOf(gap.since) - overlap;
    // Listed a moment ago: who reads a little too early begins a little too early.
    const record = listed ?? (await findUnderOtherId(chat.peer, engine));
    const cursor = secondsOf(record);
    const now = Math.floor(Date.now() / 1000);
    const from = Math.min(since ?? now, cursor === undefined ? Infinity : cursor - overlap);
    const { messages, isWhole } = await engine.fetchSince(chat.peer, {
      since: cursor === undefined ? from : from - editable,
      atLeast: cursor === undefined || history ? historyMessages : lookedAtAgain,
      atMost,
    });
    const wasWithout = record?.historyMissing === true;
    if (messages.length === 0 && !wasWithout) return 0;
    const contact: Contact = { ...(await describe(chat.peer, engine)), unread: chat.unread };
    const told = record && (await findTold(record, messages));
    // What comes under an id that is new here may make two chats one: then every message is told to the store.
    const isMet = contact.waIds.every((waId) => record?.waIds.includes(canonicalWaId(waId)));
    let found = 0;
    let refused = 0;
    const missed: RecordedMessage[] = [];
    const besideGaps: RecordedMessage[] = [];
    for (const [place, message] of messages.entries()) {
      if (signal.aborted) throw new Error('The host stops');
      const stored = told?.[place];
      const isOld = !history && cursor !== undefined && message.sentAt < from;
      // Older than what is fetched: history that was never wanted.
      if (isOld && !stored) continue;
      const missedSince = gap && isMissed(message, gap) ? gap.since.toISOString() : undefined;
      const isAsStored = stored && !stored.hasNews && (isMet || isOld);
      const outcome = isAsStored
        ? stored.recorded
        : await withTrace(newTraceId(), () => store(message, { contact, missedSince }));
      if (outcome) engine.noteStored(message);
      if (outcome?.stored) found++;
      if (!outcome) refused++;
      if (outcome?.isBesideGap) besideGaps.push(outcome);
      // Also what an earlier attempt stored before it was interrupted.
      if (outcome && missedSince !== undefined && outcome.missedSince === missedSince) missed.push(outcome);
    }
    // No repetition heals what the store refuses, nor what WhatsApp keeps to itself: it is said, and the others of the
    // chat are there.
    const incomplete = refused > 0 || !isWhole;
    if (gap) await noteGap(missed, { ...gap, incomplete });
    if (!incomplete)
      for (const { chatId, messageId } of besideGaps)
        await untilStored(() => tenant.messages.completeGap({ chatId, messageId }), { what: 'gap', log, signal });
    if (wasWithout) {
      const whole: Contact = { ...contact, historyMissing: false };
      await untilStored(() => tenant.chats.upsertContact(whole), { what: 'contact', log, signal });
    }
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

  async function noteGap(
    missed: readonly RecordedMessage[],
    { since, until, incomplete }: Absence & { incomplete: boolean },
  ): Promise<void> {
    const [first] = missed.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
    if (!first) return;
    const { chatId, messageId } = first;
    const gap: Gap = {
      messages: missed.length,
      since: since.toISOString(),
      until: until.toISOString(),
      ...(incomplete && { incomplete }),
    };
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

/**
 * The last word is the owner's: ticks come for it, and the answer to it may be a reaction, of which the list of chats
 * shows nothing.
 */
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
