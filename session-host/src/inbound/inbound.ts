import { setTimeout as delay } from 'node:timers/promises';
import type { ChatId } from '@top-active/core/contracts';
import {
  metrics,
  newTraceId,
  withTrace,
  type Contact,
  type Log,
  type RecordedMessage,
  type Tenant,
} from '@top-active/aws';
import type { EngineEvent, EngineMessage, EngineSession } from '../engine/engine.ts';
import { createBehindChats } from './behind-chats.ts';
import { createCatchUp } from './catch-up.ts';
import { createChatKeys } from './chat-keys.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import { createPeerDirectory } from './peer-directory.ts';
import { refreshedForMs, refreshNames } from './refresh-names.ts';
import type { StoreOptions } from './store-options.ts';
import { toIncoming } from './to-incoming.ts';
import { untilStored } from './until-stored.ts';

export type InboundEvent = Extract<
  EngineEvent,
  { type: 'message' | 'delivery' | 'edit' | 'revoke' | 'reaction' | 'poll' | 'unread' }
>;
type Amendment = Exclude<InboundEvent, { type: 'message' | 'unread' }>;

export interface Inbound {
  /** Stores what the engine tells, in order within each chat. */
  handle(event: InboundEvent, engine: EngineSession): void;
  /**
   * The session was linked anew: its chats' history is wanted with the next `catchUp`, whatever was stored of an
   * earlier link.
   */
  beginLink(): void;
  /**
   * Fetches what came while nobody listened. To be called at every `ready`, before anything else is handled. A chat
   * that can't be fetched is tried again by itself. Rejects when it isn't even known which chats there are.
   */
  catchUp(engine: EngineSession): Promise<void>;
  /** Runs a task in its place among the chat's messages. */
  inChatOrder<T>(peer: string, task: () => Promise<T>): Promise<T>;
  /** Within `inChatOrder` only. Undefined: the store refuses this message. */
  store(message: EngineMessage, options: StoreOptions): Promise<RecordedMessage | undefined>;
  describe(peer: string, engine: EngineSession): Promise<Contact>;
  /** Nobody listens any more, until the next `catchUp`. */
  pause(): void;
  /** Everything before the returned moment is stored; undefined when that was never so. */
  caughtUpAt(): Date | undefined;
  /** Waits until everything is stored, at most `timeoutMs`. What is left then is fetched at the next start. */
  drain(timeoutMs: number): Promise<void>;
}

export interface InboundOptions {
  tenant: Tenant;
  log: Log;
  /** Ends retries when the host stops. */
  signal: AbortSignal;
  /** Until when everything had been stored when this host began; undefined before the first link. */
  caughtUpAt: Date | undefined;
  /**
   * The chats' history of before the link was stored as a whole once; without it, it was where `caughtUpAt` is known.
   */
  hasHistory?: boolean | undefined;
  /** Before the second try of a chat that could not be caught up with; further ones wait longer. */
  retryMs?: number | undefined;
  concurrency?: number | undefined;
  onStored?: (() => void) | undefined;
}

const unreadSettlesMs = 1_000;
const defaultRetryMs = 5_000;

export function createInbound(options: InboundOptions): Inbound {
  const { tenant, log, signal, onStored } = options;
  const queue = createKeyedQueue({ concurrency: options.concurrency ?? 8 });
  const keys = createChatKeys({ onRetired: (retired, key) => queue.wait(key, retired) });
  const directory = createPeerDirectory({ tenant, keys, log });
  const unread = new Map<string, { count: number; timer: NodeJS.Timeout }>();
  let caughtUpAt = options.caughtUpAt;
  /** Live events that wait until the chats that need catching up are known and stand before them in the queue. */
  let held: { event: InboundEvent; engine: EngineSession }[] = [];
  let holders = 0;
  /** It isn't known yet of which chats something was missed. */
  let isBehind = true;
  /** Catch-ups that began, and times that nobody listened any more. */
  let turns = 0;
  let hasHistory = options.hasHistory ?? options.caughtUpAt !== undefined;
  const behind = createBehindChats();
  /**
   * When contacts' names were last compared with those on the phone. The first time is a day after the host began: a
   * catch-up describes them too.
   */
  let namesAt = Date.now();
  const retries = new Map<string, NodeJS.Timeout>();
  const retryMs = options.retryMs ?? defaultRetryMs;

  const catchUp = createCatchUp({ tenant, keys, queue, log, signal, describe, store });

  function advance(): Date | undefined {
    if (!isBehind && holders === 0 && queue.size === 0) caughtUpAt = new Date();
    const earliest = behind.earliest();
    if (earliest === false) return undefined;
    return earliest && caughtUpAt && earliest < caughtUpAt ? earliest : caughtUpAt;
  }

  /** Something of this chat may be missing: it is fetched by itself, and every other one goes on. */
  function fallBehind(peer: string, since: Date | undefined, engine: EngineSession): void {
    behind.add(peer, since);
    const factor = behind.failed(peer);
    if (factor === undefined) {
      log.error('ALARM: a chat could not be caught up with, and is not tried again for now');
      metrics.emit('CatchUpFailures');
      const chat = behind.get(peer);
      if (chat)
        catchUp
          .noteMissing(engine, chat)
          .catch((error: unknown) => log.warn('What is missing of a chat was not noted', {}, error));
      return;
    }
    clearTimeout(retries.get(peer));
    retries.set(
      peer,
      setTimeout(() => tryAgain(peer, engine), retryMs * factor),
    );
  }

  function tryAgain(peer: string, engine: EngineSession): void {
    retries.delete(peer);
    const chat = behind.get(peer);
    if (!chat || signal.aborted) return;
    catchUp
      .again(engine, chat)
      .then(() => behind.caughtUp(peer))
      .catch((error: unknown) => {
        log.warn('A chat could not be caught up with', { failures: chat.failures }, error);
        if (!signal.aborted) fallBehind(peer, chat.since, engine);
      });
  }

  function inChatOrder<T>(peer: string, task: () => Promise<T>): Promise<T> {
    return queue.run(keys.keyOf(peer), task);
  }

  /** Once a day, whenever something happens. */
  function refreshNamesDaily(engine: EngineSession): void {
    if (Date.now() - namesAt < refreshedForMs) return;
    namesAt = Date.now();
    refreshNames({ tenant, describe: (peer) => describe(peer, engine), inChatOrder, signal }).catch((error: unknown) =>
      log.warn('Names could not be refreshed', {}, error),
    );
  }

  function endRetries(): void {
    for (const timer of retries.values()) clearTimeout(timer);
    retries.clear();
  }

  async function describe(peer: string, engine: EngineSession | undefined): Promise<Contact> {
    return directory.describe(peer, { engine });
  }

  async function store(message: EngineMessage, { contact, sender, missedSince }: StoreOptions) {
    const recorded = await untilStored(
      () =>
        tenant.messages.recordMessage({
          chat: contact,
          message: toIncoming(message, sender),
          missedSince,
        }),
      { what: 'message', log, signal },
    );
    if (recorded?.stored) {
      metrics.emit('MessagesStored');
      const { reason, type } = message.content?.onPhone ?? {};
      if (reason === 'unknown_type' && type !== undefined) metrics.emit('MessagesOnPhone', 1, { type });
      onStored?.();
    }
    return recorded;
  }

  function admit(event: InboundEvent, engine: EngineSession): void {
    const peer = event.type === 'message' ? event.message.peer : event.peer;
    if (event.type === 'unread') {
      settleUnread(peer, event.unread, engine);
      return;
    }
    const arrivedAt = new Date();
    queue
      .run(keys.keyOf(peer), () =>
        withTrace(newTraceId(), () =>
          event.type === 'message' ? storeLive(event.message, engine) : amend(event, engine),
        ),
      )
      .catch((error: unknown) => {
        log.error('An event of WhatsApp was not stored', { event: event.type }, error);
        if (!signal.aborted) fallBehind(peer, arrivedAt, engine);
      });
  }

  async function storeLive(message: EngineMessage, engine: EngineSession): Promise<void> {
    const contact = await untilStored(() => directory.describe(message.peer, { engine, pushname: message.pushname }), {
      what: 'contact',
      log,
      signal,
    });
    const recorded = contact && (await store(message, { contact }));
    if (!recorded) throw new Error('The store refuses the message');
    engine.noteStored(message);
    if (!recorded.stored || message.fromMe) return;
    const delayMs = Math.max(0, Date.now() - message.sentAt * 1000);
    metrics.emit('MessageDelay', delayMs);
    log.info('Message stored', { delayMs });
  }

  async function amend(event: Amendment, engine: EngineSession): Promise<void> {
    await untilStored(
      async () => {
        const chatId = await tenant.chats.resolvePeer([event.peer]);
        if (chatId !== undefined && (await amendIn(chatId, event))) return;
        // Told under another id than the message itself.
        const met = await meet(event.peer, engine);
        if (met !== undefined && met !== chatId) await amendIn(met, event);
      },
      { what: event.type, log, signal },
    );
  }

  async function amendIn(chatId: ChatId, event: Amendment): Promise<boolean> {
    const { messages } = tenant;
    const direction = event.type === 'delivery' || event.fromMe ? 'out' : 'in';
    const ref = { chatId, stanzaId: event.stanzaId, direction } as const;
    switch (event.type) {
      case 'delivery':
        return (await messages.updateDelivery({ ...ref, delivery: event.delivery, failure: event.failure })).found;
      case 'edit':
        return (await messages.editMessage({ ...ref, text: event.text })).found;
      case 'revoke':
        return (await messages.revokeMessage(ref)).found;
      case 'reaction':
        return (await messages.react({ ...ref, reaction: event.reaction })).found;
      case 'poll':
        return (await messages.updatePoll({ ...ref, poll: event.poll })).found;
      default:
        return event satisfies never;
    }
  }

  /** The chat of a peer under all its ids, which lead to it from now on. Undefined when it was never met. */
  async function meet(peer: string, engine: EngineSession, unreadCount?: number): Promise<ChatId | undefined> {
    const contact = await directory.describe(peer, { engine });
    if ((await tenant.chats.resolvePeer(contact.waIds)) === undefined) return undefined;
    return (await tenant.chats.upsertContact({ ...contact, unread: unreadCount })).chatId;
  }

  /** WhatsApp counts before it tells of the message, so its count is believed once the chat is quiet. */
  function settleUnread(peer: string, count: number, engine: EngineSession): void {
    clearTimeout(unread.get(peer)?.timer);
    const timer = setTimeout(() => {
      const settled = unread.get(peer)?.count ?? count;
      unread.delete(peer);
      queue
        .run(keys.keyOf(peer), () => storeUnread(peer, settled, engine))
        .catch((error: unknown) => log.warn('An unread count was not stored', {}, error));
    }, unreadSettlesMs);
    unread.set(peer, { count, timer });
  }

  async function storeUnread(peer: string, count: number, engine: EngineSession): Promise<void> {
    await untilStored(() => meet(peer, engine, count), { what: 'unread', log, signal });
  }

  function release(): void {
    const waiting = held;
    held = [];
    for (const { event, engine } of waiting) admit(event, engine);
  }

  return {
    caughtUpAt: advance,
    pause() {
      advance();
      turns++;
      isBehind = true;
      endRetries();
    },
    describe,
    store,
    handle(event, engine) {
      refreshNamesDaily(engine);
      if (holders > 0) held.push({ event, engine });
      else admit(event, engine);
    },
    inChatOrder,
    beginLink() {
      hasHistory = false;
    },
    async catchUp(engine) {
      const turn = ++turns;
      isBehind = true;
      endRetries();
      behind.forgetFailures();
      holders++;
      const began = new Date();
      const since = caughtUpAt;
      const history = !hasHistory;
      let work: { outcome: Promise<{ failed: string[] }> };
      try {
        work = await catchUp.scan(engine, { caughtUpAt: since, history, behind });
      } finally {
        holders--;
        if (holders === 0) release();
      }
      const { failed } = await work.outcome;
      for (const { peer } of behind.all()) if (!failed.includes(peer) && !retries.has(peer)) behind.caughtUp(peer);
      for (const peer of failed) fallBehind(peer, history ? undefined : since, engine);
      hasHistory = true;
      // Nobody may listen any more, or another catch-up has begun meanwhile.
      const isNewest = turn === turns;
      if (isNewest) isBehind = false;
      // After a first link nothing says from when on the next catch-up looks for what came: a page that is loaded anew
      // right then would keep that to itself.
      if (isNewest || caughtUpAt === undefined) caughtUpAt = began;
    },
    async drain(timeoutMs) {
      const deadline = performance.now() + timeoutMs;
      while (queue.size > 0 && performance.now() < deadline) await delay(20);
    },
  };
}
