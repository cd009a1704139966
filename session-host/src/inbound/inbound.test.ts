import { metrics, type Contact, type IncomingMessage, type Log, type Tenant } from '@top-active/aws';
import type { OnPhone } from '@top-active/core/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useTestClock } from '../commands/test-clock.ts';
import type { EngineMessage, EngineSession } from '../engine/engine.ts';
import { createInbound, type InboundEvent, type InboundOptions } from './inbound.ts';

const peer = '5511988887777@c.us';
const hidden = '998877@lid';
const day = 24 * 3_600_000;

beforeEach(() => {
  useTestClock();
  vi.spyOn(Math, 'random').mockReturnValue(1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function text(stanzaId: string, more: Partial<EngineMessage> = {}): EngineMessage {
  const facts = { peer, waId: `false_${peer}_${stanzaId}`, stanzaId, fromMe: false, kind: 'text' } as const;
  return { ...facts, text: stanzaId, sentAt: Date.now() / 1_000, delivery: 'delivered', ...more };
}

interface Store {
  /** The chat of each id that was met. */
  chats?: Record<string, string>;
  /** The only chat in which amended messages are found. */
  holds?: string;
  recordMessage?: (message: IncomingMessage) => Promise<{ stored: boolean } | undefined>;
  /** All that the page tells of one peer. */
  waIds?: [string, ...string[]];
}

/** A session's messages over a store in memory, with what was asked of the store and of the page. */
function inboundOf(
  { chats = { [peer]: 'chat' }, holds = 'chat', recordMessage, waIds }: Store = {},
  options: Partial<InboundOptions> = {},
) {
  const done: unknown[] = [];
  const logged: unknown[] = [];
  const note = (message: string, fields?: object) => void logged.push([message, fields]);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const amend = (what: string) => async (change: { chatId: string }) => {
    done.push([what, change]);
    return { found: change.chatId === holds };
  };
  const tenant = {
    messages: {
      async recordMessage({ chat, message }: { chat: Contact; message: IncomingMessage }) {
        const recorded = recordMessage ? await recordMessage(message) : { stored: true };
        done.push(['store', message.stanzaId, chat.name]);
        return recorded;
      },
      updateDelivery: amend('delivery'),
      editMessage: amend('edit'),
      revokeMessage: amend('revoke'),
      react: amend('reaction'),
      updatePoll: amend('poll'),
    },
    chats: {
      page: async () => (done.push(['page']), { items: [], next: undefined }),
      get: async () => undefined,
      resolvePeer: async (ids: string[]) => ids.map((id) => chats[id]).find((chatId) => chatId !== undefined),
      async upsertContact(contact: Contact) {
        done.push(['contact', contact.waIds[0], contact.unread]);
        return { chatId: contact.waIds.map((id) => chats[id]).findLast((chatId) => chatId !== undefined) };
      },
    },
  } as unknown as Tenant;
  const engine = {
    noteStored: ({ stanzaId }: EngineMessage) => void done.push(['noted', stanzaId]),
    describePeer: async (id: string) => ({ waIds: waIds ?? [id], name: 'Ana', isGroup: false }),
    listChats: async () => [],
    fetchSince: async () => ({ messages: [], isWhole: true }),
  } as unknown as EngineSession;
  const host = new AbortController();
  const inbound = createInbound({ tenant, log, signal: host.signal, caughtUpAt: undefined, ...options });
  return { inbound, engine, done, logged, host };
}

/** All that happens before the clock moves. */
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('a message that comes', () => {
  it('is stored, and then noted for the page', async () => {
    const onStored = vi.fn<() => void>();
    const counted = vi.spyOn(metrics, 'emit').mockReturnValue();
    const { inbound, engine, done, logged } = inboundOf({}, { onStored });
    const message = text('A');
    vi.setSystemTime(Date.now() + 1_500);
    inbound.handle({ type: 'message', message }, engine);
    await settle();
    expect(done).toEqual([
      ['store', 'A', 'Ana'],
      ['noted', 'A'],
    ]);
    expect(onStored).toHaveBeenCalledTimes(1);
    expect(counted.mock.calls).toEqual([['MessagesStored'], ['MessageDelay', 1_500]]);
    expect(logged).toEqual([['Message stored', { delayMs: 1_500 }]]);
  });

  it('is counted once, and late only where it is the customer’s', async () => {
    const onStored = vi.fn<() => void>();
    const counted = vi.spyOn(metrics, 'emit').mockReturnValue();
    const again = inboundOf({ recordMessage: async () => ({ stored: false }) }, { onStored });
    again.inbound.handle({ type: 'message', message: text('A') }, again.engine);
    await settle();
    expect(again.done.at(-1)).toEqual(['noted', 'A']);
    expect([counted.mock.calls, onStored.mock.calls]).toEqual([[], []]);
    const own = inboundOf();
    own.inbound.handle({ type: 'message', message: text('A', { fromMe: true }) }, own.engine);
    await settle();
    expect(counted.mock.calls).toEqual([['MessagesStored']]);
  });

  it('is counted by its type where nobody here knows that', async () => {
    const counted = vi.spyOn(metrics, 'emit').mockReturnValue();
    const { inbound, engine } = inboundOf();
    const onPhone = (what: OnPhone) => text('A', { fromMe: true, content: { onPhone: what } });
    const unknown = { reason: 'unknown_type', type: 'event' } as const;
    for (const what of [unknown, { reason: 'unknown_type' }, { ...unknown, reason: 'view_once' }] as const)
      inbound.handle({ type: 'message', message: onPhone(what) }, engine);
    await settle();
    expect(counted.mock.calls.filter(([name]) => name !== 'MessagesStored')).toEqual([
      ['MessagesOnPhone', 1, { type: 'event' }],
    ]);
  });

  it('waits for the one before it in its chat, and for no other chat', async () => {
    const first = Promise.withResolvers<{ stored: boolean }>();
    const { inbound, engine, done } = inboundOf({
      recordMessage: ({ stanzaId }) => (stanzaId === 'A' ? first.promise : Promise.resolve({ stored: true })),
    });
    for (const message of [text('A'), text('B'), text('C', { peer: 'another@c.us' })])
      inbound.handle({ type: 'message', message }, engine);
    await settle();
    expect(done.filter((one) => (one as string[])[0] === 'store')).toEqual([['store', 'C', 'Ana']]);
    first.resolve({ stored: true });
    await settle();
    const stored = done.filter((one) => (one as string[])[0] === 'store').map((one) => (one as string[])[1]);
    expect(stored).toEqual(['C', 'A', 'B']);
  });

  it('is not noted for the page when the store refuses it, and its chat is fetched by itself', async () => {
    const { inbound, engine, done, logged } = inboundOf({
      recordMessage: () => Promise.reject(new RangeError('no time')),
    });
    const fetched: string[] = [];
    Object.assign(engine, {
      fetchSince: async (id: string) => (fetched.push(id), { messages: [], isWhole: true }),
    });
    inbound.handle({ type: 'message', message: text('A') }, engine);
    await vi.advanceTimersByTimeAsync(4_999);
    expect([done, fetched]).toEqual([[], []]);
    expect(logged).toContainEqual(['An event of WhatsApp was not stored', { event: 'message' }]);
    await vi.advanceTimersByTimeAsync(1);
    expect(fetched).toEqual([peer]);
  });

  it('is nobody’s business any more when the host ends', async () => {
    const { inbound, engine, host } = inboundOf({ recordMessage: () => Promise.reject(new RangeError('no time')) });
    inbound.handle({ type: 'message', message: text('A') }, engine);
    host.abort();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what changes of a message', () => {
  const of = { peer, stanzaId: '3EB0' };
  const reaction = { author: 'customer', senderId: peer, emoji: '👍', at: '2030-01-01T12:00:00.000Z' } as const;
  const poll = { question: 'Quando?', options: [], multiple: false } as never;
  const at = { chatId: 'chat', stanzaId: '3EB0' };

  it.each<[InboundEvent, object]>([
    [
      { type: 'delivery', ...of, delivery: 'failed', failure: 'blocked_by_owner' },
      { ...at, direction: 'out', delivery: 'failed', failure: 'blocked_by_owner' },
    ],
    [
      { type: 'edit', ...of, fromMe: false, text: 'Olá' },
      { ...at, direction: 'in', text: 'Olá' },
    ],
    [
      { type: 'edit', ...of, fromMe: true, text: 'Olá' },
      { ...at, direction: 'out', text: 'Olá' },
    ],
    [
      { type: 'revoke', ...of, fromMe: false },
      { ...at, direction: 'in' },
    ],
    [
      { type: 'reaction', ...of, fromMe: true, reaction },
      { ...at, direction: 'out', reaction },
    ],
    [
      { type: 'poll', ...of, fromMe: false, poll },
      { ...at, direction: 'in', poll },
    ],
  ])('is stored with it: %o', async (event, change) => {
    const { inbound, engine, done } = inboundOf();
    inbound.handle(event, engine);
    await settle();
    expect(done).toEqual([[event.type, change]]);
  });

  it('is looked for under the other ids of its peer, and under each once', async () => {
    const met = inboundOf({ chats: { [peer]: 'chat', [hidden]: 'other' }, holds: 'other', waIds: [peer, hidden] });
    met.inbound.handle({ type: 'revoke', ...of, fromMe: false }, met.engine);
    await settle();
    expect(met.done).toEqual([
      ['revoke', { ...at, direction: 'in' }],
      ['contact', peer, undefined],
      ['revoke', { ...at, chatId: 'other', direction: 'in' }],
    ]);
    const gone = inboundOf({ holds: 'nowhere' });
    gone.inbound.handle({ type: 'revoke', ...of, fromMe: false }, gone.engine);
    await settle();
    expect(gone.done).toEqual([
      ['revoke', { ...at, direction: 'in' }],
      ['contact', peer, undefined],
    ]);
  });

  it('is nothing where the peer was never met', async () => {
    const { inbound, engine, done, logged } = inboundOf({ chats: {} });
    inbound.handle({ type: 'revoke', ...of, fromMe: false }, engine);
    await settle();
    expect([done, logged]).toEqual([[], []]);
  });
});

describe('WhatsApp’s count of unread messages', () => {
  it('is believed once the chat is quiet for a second, and only the last one', async () => {
    const { inbound, engine, done } = inboundOf();
    inbound.handle({ type: 'unread', peer, unread: 1 }, engine);
    await vi.advanceTimersByTimeAsync(600);
    inbound.handle({ type: 'unread', peer, unread: 2 }, engine);
    await vi.advanceTimersByTimeAsync(999);
    expect(done).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toEqual([['contact', peer, 2]]);
    inbound.handle({ type: 'unread', peer, unread: 0 }, engine);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(done.at(-1)).toEqual(['contact', peer, 0]);
  });

  it('is nothing of whom was never met', async () => {
    const { inbound, engine, done } = inboundOf({ chats: {} });
    inbound.handle({ type: 'unread', peer, unread: 1 }, engine);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(done).toEqual([]);
  });
});

describe('a catch-up', () => {
  it('holds what comes until it is known which chats were missed, and then stores it in its order', async () => {
    const { inbound, engine, done } = inboundOf();
    const listed = Promise.withResolvers<[]>();
    Object.assign(engine, { listChats: () => listed.promise });
    const catchingUp = inbound.catchUp(engine);
    inbound.handle({ type: 'message', message: text('A') }, engine);
    inbound.handle({ type: 'message', message: text('B') }, engine);
    await settle();
    expect(done).toEqual([['page']]);
    listed.resolve([]);
    await catchingUp;
    await settle();
    expect(done.filter((one) => (one as string[])[0] === 'store')).toEqual([
      ['store', 'A', 'Ana'],
      ['store', 'B', 'Ana'],
    ]);
  });

  it('that does not even know the chats says so, and what came meanwhile is stored all the same', async () => {
    const { inbound, engine, done } = inboundOf();
    Object.assign(engine, { listChats: () => Promise.reject(new Error('cut off')) });
    const catchingUp = inbound.catchUp(engine).catch((error: unknown) => error);
    inbound.handle({ type: 'message', message: text('A') }, engine);
    expect(await catchingUp).toEqual(new Error('cut off'));
    await settle();
    expect(done).toContainEqual(['store', 'A', 'Ana']);
    expect(inbound.caughtUpAt()).toBeUndefined();
  });

  it('is good until now, as long as somebody listens and nothing waits', async () => {
    const first = Promise.withResolvers<{ stored: boolean }>();
    const { inbound, engine } = inboundOf({ recordMessage: () => first.promise });
    await inbound.catchUp(engine);
    await vi.advanceTimersByTimeAsync(1_000);
    const quiet = new Date();
    expect(inbound.caughtUpAt()).toEqual(quiet);
    inbound.handle({ type: 'message', message: text('A') }, engine);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(inbound.caughtUpAt()).toEqual(quiet);
    first.resolve({ stored: true });
    await vi.advanceTimersByTimeAsync(1_000);
    inbound.pause();
    const paused = new Date();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(inbound.caughtUpAt()).toEqual(paused);
  });
});

describe('names', () => {
  it('are compared with the phone’s once a day, when something happens', async () => {
    const { inbound, engine, done } = inboundOf();
    const looks = () => done.filter((one) => (one as string[])[0] === 'page').length;
    const happen = () => inbound.handle({ type: 'revoke', peer, stanzaId: '3EB0', fromMe: false }, engine);
    await vi.advanceTimersByTimeAsync(day - 1);
    happen();
    expect(looks()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    happen();
    happen();
    await settle();
    expect(looks()).toBe(1);
    await vi.advanceTimersByTimeAsync(day);
    happen();
    await settle();
    expect(looks()).toBe(2);
  });
});

describe('draining', () => {
  it('waits until everything is stored, and no longer than it may', async () => {
    const first = Promise.withResolvers<{ stored: boolean }>();
    const { inbound, engine } = inboundOf({ recordMessage: () => first.promise });
    inbound.handle({ type: 'message', message: text('A') }, engine);
    const over = vi.fn<() => void>();
    void inbound.drain(1_000).then(over);
    await vi.advanceTimersByTimeAsync(980);
    expect(over).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(40);
    expect(over).toHaveBeenCalledTimes(1);
    void inbound.drain(1_000).then(over);
    first.resolve({ stored: true });
    await vi.advanceTimersByTimeAsync(20);
    expect(over).toHaveBeenCalledTimes(2);
  });
});
