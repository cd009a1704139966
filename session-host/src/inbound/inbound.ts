import { setTimeout as delay } from 'node:timers/promises';
import { newTraceId, withTrace, type Contact, type Log, type RecordedMessage, type Tenant } from '@top-active/aws';
import type { EngineMessage, EngineSession } from '../engine/engine.ts';
import { createBehindChats } from './behind-chats.ts';
import { createCatchUp } from './catch-up.ts';
import { createChatKeys } from './chat-keys.ts';
import { createChatRetries } from './chat-retries.ts';
import { createDailyNames } from './daily-names.ts';
import { createEventGate } from './event-gate.ts';
import type { InboundEvent, ToldEvent } from './inbound-event.ts';
import { freshInbound, reduceInbound, storedUntil, type InboundChange } from './inbound-state.ts';
import { createInboundWrites } from './inbound-writes.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import { createPeerDirectory } from './peer-directory.ts';
import type { StoreOptions } from './store-options.ts';
import { createUnreadCounts } from './unread-counts.ts';

export type { InboundEvent } from './inbound-event.ts';

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

const defaultRetryMs = 5_000;

export function createInbound(options: InboundOptions): Inbound {
  const { tenant, log, signal, onStored, retryMs = defaultRetryMs } = options;
  const queue = createKeyedQueue({ concurrency: options.concurrency ?? 8 });
  const keys = createChatKeys({ onRetired: (retired, key) => queue.wait(key, retired) });
  const directory = createPeerDirectory({ tenant, keys, log });
  const writes = createInboundWrites({ tenant, directory, log, signal, onStored });
  const { store } = writes;
  const catchUp = createCatchUp({ tenant, keys, queue, log, signal, describe, store });
  const behind = createBehindChats();
  const retries = createChatRetries({ behind, catchUp, retryMs, log, signal });
  const refreshNamesDaily = createDailyNames({ tenant, describe, inChatOrder, log, signal });
  /** Live events wait here until the chats that need catching up are known and stand before them in the queue. */
  const gate = createEventGate(admit);
  const unread = createUnreadCounts<EngineSession>((told) => {
    inChatOrder(told.peer, () => writes.storeUnread(told)).catch((error: unknown) =>
      log.warn('An unread count was not stored', {}, error),
    );
  });
  let state = freshInbound({ caughtUpAt: options.caughtUpAt, hasHistory: options.hasHistory });

  function take(change: InboundChange): void {
    state = reduceInbound(state, change);
  }

  function caughtUpAt(): Date | undefined {
    if (!gate.isHeld && queue.size === 0) take({ type: 'nothing waits', at: new Date() });
    return storedUntil(state, behind.earliest());
  }

  function inChatOrder<T>(peer: string, task: () => Promise<T>): Promise<T> {
    return queue.run(keys.keyOf(peer), task);
  }

  async function describe(peer: string, engine: EngineSession | undefined): Promise<Contact> {
    return directory.describe(peer, { engine });
  }

  function admit({ event, engine }: ToldEvent): void {
    if (event.type === 'unread') {
      unread.tell({ peer: event.peer, unread: event.unread, engine });
      return;
    }
    const peer = event.type === 'message' ? event.message.peer : event.peer;
    const write = () =>
      event.type === 'message' ? writes.storeLive(event.message, engine) : writes.amend(event, engine);
    const arrivedAt = new Date();
    inChatOrder(peer, () => withTrace(newTraceId(), write)).catch((error: unknown) => {
      log.error('An event of WhatsApp was not stored', { event: event.type }, error);
      if (!signal.aborted) retries.fallBehind(peer, arrivedAt, engine);
    });
  }

  async function fetchMissed(engine: EngineSession): Promise<void> {
    take({ type: 'catch-up begun' });
    const { turn, caughtUpAt: since } = state;
    const history = !state.hasHistory;
    const began = new Date();
    retries.end();
    behind.forgetFailures();
    const release = gate.hold();
    const { outcome } = await catchUp.scan(engine, { caughtUpAt: since, history, behind }).finally(release);
    const { failed } = await outcome;
    for (const { peer } of behind.all()) if (!failed.includes(peer) && !retries.isDue(peer)) behind.caughtUp(peer);
    for (const peer of failed) retries.fallBehind(peer, history ? undefined : since, engine);
    take({ type: 'catch-up ended', turn, began });
  }

  return {
    handle(event, engine) {
      refreshNamesDaily(engine);
      gate.pass({ event, engine });
    },
    beginLink: () => take({ type: 'linked' }),
    catchUp: fetchMissed,
    inChatOrder,
    store,
    describe,
    pause() {
      caughtUpAt();
      take({ type: 'paused' });
      retries.end();
    },
    caughtUpAt,
    async drain(timeoutMs) {
      const deadline = performance.now() + timeoutMs;
      while (queue.size > 0 && performance.now() < deadline) await delay(20);
    },
  };
}
