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
import { createCatchUp } from './catch-up.ts';
import { createChatKeys } from './chat-keys.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import { createPeerDirectory } from './peer-directory.ts';
import { toIncoming, type Sender } from './to-incoming.ts';
import { untilStored } from './until-stored.ts';

export type InboundEvent = Extract<
  EngineEvent,
  { type: 'message' | 'delivery' | 'edit' | 'revoke' | 'reaction' | 'poll' | 'unread' }
>;
type Amendment = Exclude<InboundEvent, { type: 'message' | 'unread' }>;

export interface StoreOptions {
  contact: Contact;
  sender?: Sender | undefined;
  /** Found by catching up: until when everything had been stored as it came. */
  missedSince?: string | undefined;
}

export interface Inbound {
  /** Stores what the engine tells, in order within each chat. */
  handle(event: InboundEvent, engine: EngineSession): void;
  /** Fetches what came while nobody listened. To be called at every `ready`, before anything else is handled. */
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
  concurrency?: number | undefined;
  onStored?: (() => void) | undefined;
}

const unreadSettlesMs = 1_000;

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
  /** Something was missed and isn't fetched yet. */
  let isBehind = true;

  const catchUp = createCatchUp({ tenant, keys, queue, log, signal, describe, store });

  function advance(): Date | undefined {
    if (!isBehind && holders === 0 && queue.size === 0) caughtUpAt = new Date();
    return caughtUpAt;
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
    queue
      .run(keys.keyOf(peer), () =>
        withTrace(newTraceId(), () =>
          event.type === 'message' ? storeLive(event.message, engine) : amend(event, engine),
        ),
      )
      .catch((error: unknown) => {
        isBehind = true;
        log.error('An event of WhatsApp was not stored', { event: event.type }, error);
      });
  }

  async function storeLive(message: EngineMessage, engine: EngineSession): Promise<void> {
    const contact = await untilStored(() => directory.describe(message.peer, { engine, pushname: message.pushname }), {
      what: 'contact',
      log,
      signal,
    });
    const recorded = contact && (await store(message, { contact }));
    if (recorded) engine.noteStored(message);
    if (!recorded?.stored || message.fromMe) return;
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
      isBehind = true;
    },
    describe,
    store,
    handle(event, engine) {
      if (holders > 0) held.push({ event, engine });
      else admit(event, engine);
    },
    inChatOrder: (peer, task) => queue.run(keys.keyOf(peer), task),
    async catchUp(engine) {
      isBehind = true;
      holders++;
      let work: { complete: Promise<boolean> };
      try {
        work = await catchUp(engine, caughtUpAt);
      } finally {
        holders--;
        if (holders === 0) release();
      }
      if (await work.complete) isBehind = false;
      else throw new Error('Not every chat could be caught up with');
    },
    async drain(timeoutMs) {
      const deadline = performance.now() + timeoutMs;
      while (queue.size > 0 && performance.now() < deadline) await delay(20);
    },
  };
}
