import { metrics, type ChatRecord, type Contact } from '@top-active/aws';
import type { EngineChat, EngineSession } from '../engine/engine.ts';
import type { BehindChat } from './behind-chats.ts';
import { createChatCatchUp, type ChatCatchUpOptions } from './catch-up-chat.ts';
import type { ChatKeys } from './chat-keys.ts';
import { chooseChats, type Wanted } from './choose-chats.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import { readKnownChats } from './known-chats.ts';
import { untilStored } from './until-stored.ts';

interface Options extends ChatCatchUpOptions {
  keys: ChatKeys;
  queue: KeyedQueue;
}

/** Chats of one return that could not be fetched. */
export interface Outcome {
  failed: string[];
}

export type CatchUp = ReturnType<typeof createCatchUp>;

/** Fetches what came while nobody listened. Each chat is fetched by itself: one that can't be holds up no other. */
export function createCatchUp(options: Options) {
  const { tenant, keys, queue, log, signal, describe } = options;
  const catchUpChat = createChatCatchUp(options);
  return { scan, again, noteMissing };

  /**
   * Puts the fetching of each chat that may have changed while nobody listened into the chat's place in the queue.
   * Resolves when they stand there; `outcome` tells later which of them failed.
   */
  async function scan(engine: EngineSession, wanted: Wanted): Promise<{ outcome: Promise<Outcome> }> {
    const [chats, known] = await Promise.all([engine.listChats(), readKnownChats(tenant, log)]);
    const until = new Date();
    const chosen = chooseChats(chats, { wanted, known, now: Date.now() });
    const fetches = chosen.map(async (chat) => {
      try {
        return { peer: chat.peer, found: await fetchInOrder(chat, { engine, wanted, known, until }) };
      } catch (error) {
        log.warn('A chat could not be caught up with', {}, error);
        return { peer: chat.peer, found: undefined };
      }
    });
    // What is read at the first link is history.
    return { outcome: outcomeOf(fetches, { isFirst: wanted.caughtUpAt === undefined }) };
  }

  function fetchInOrder(
    chat: EngineChat,
    {
      engine,
      wanted: { caughtUpAt, history, behind },
      known,
      until,
    }: { engine: EngineSession; wanted: Wanted; known: (peer: string) => ChatRecord | undefined; until: Date },
  ): Promise<number> {
    const began = behind.get(chat.peer);
    const from = began ? began.since : caughtUpAt;
    const gap = from && { since: from, until };
    return queue.run(keys.keyOf(chat.peer), () => {
      const record = known(chat.peer);
      const isWithout = history || from === undefined || record?.historyMissing === true;
      return catchUpChat(chat, { engine, gap, history: isWithout, record });
    });
  }

  async function outcomeOf(
    fetches: readonly Promise<{ peer: string; found: number | undefined }>[],
    { isFirst }: { isFirst: boolean },
  ): Promise<Outcome> {
    const ended = await Promise.all(fetches);
    const found = ended.reduce((sum, one) => sum + (one.found ?? 0), 0);
    const failed = ended.filter((one) => one.found === undefined).map(({ peer }) => peer);
    log.info('Caught up', { chats: ended.length, failed: failed.length, messages: found });
    metrics.emit('CatchUps');
    if (!isFirst) metrics.emit('MessagesCaughtUp', found);
    if (failed.length > 0) metrics.emit('CatchUpFailures');
    return { failed };
  }

  /** One chat once more, in its place in the queue. */
  async function again(engine: EngineSession, { peer, since }: BehindChat): Promise<void> {
    const gap = since && { since, until: new Date() };
    const wanted = { engine, gap, history: since === undefined, record: undefined };
    await queue.run(keys.keyOf(peer), () => catchUpChat({ peer }, wanted));
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
}
