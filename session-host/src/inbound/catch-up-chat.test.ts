import { metrics, type ChatRecord, type Contact, type Log, type RecordedMessage, type Tenant } from '@top-active/aws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useTestClock } from '../commands/test-clock.ts';
import type { EngineChat, EngineMessage, EngineSession } from '../engine/engine.ts';
import { createBehindChats } from './behind-chats.ts';
import { createCatchUp } from './catch-up.ts';
import { createChatKeys } from './chat-keys.ts';
import type { Wanted } from './choose-chats.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import type { StoreOptions } from './store-options.ts';

const peer = '551188887777@c.us';
const noon = Date.UTC(2030, 0, 1, 12) / 1_000;
const [minute, hour] = [60, 3_600];
/** Nobody has listened for an hour. */
const caughtUp = noon - hour;
/** What may still have been edited meanwhile. */
const editable = 17 * minute;

beforeEach(() => useTestClock(new Date(noon * 1_000)));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const chatAt = (lastMessageAt: number, id = peer): EngineChat => ({ peer: id, lastMessageAt, unread: 3 });

/** A chat as it is stored: its newest message is of `newest`. */
function recordOf(newest: number, more: Partial<ChatRecord> = {}): ChatRecord {
  return { id: 'chat', waIds: [peer], lastOrder: `${newest}000`, ...more } as ChatRecord;
}

const last = (author: string, sentAt: number, delivery = 'sent') =>
  ({ author, sentAt: new Date(sentAt * 1_000).toISOString(), delivery }) as ChatRecord['lastMessage'];

function text(stanzaId: string, sentAt: number): EngineMessage {
  const facts = { peer, waId: `false_${peer}_${stanzaId}`, stanzaId, fromMe: false, kind: 'text' } as const;
  return { ...facts, text: stanzaId, sentAt, delivery: 'delivered' };
}

interface World {
  chats: EngineChat[];
  records?: ChatRecord[];
  messages?: EngineMessage[];
  isWhole?: boolean;
  /** Stanza ids that the store refuses. */
  refused?: string[];
  fails?: boolean;
  signal?: AbortSignal;
  wanted?: Partial<Wanted>;
  /** Which of the messages are stored already, and whether they are told otherwise now. */
  told?: Record<string, { hasNews: boolean; missedSince?: string; isBesideGap?: boolean }>;
  /** The chats that are met under other ids than the listed ones. */
  met?: Record<string, ChatRecord>;
}

/** What one return asks of WhatsApp, and what it stores. */
async function returning({
  chats,
  records = [],
  messages = [],
  isWhole = true,
  refused = [],
  fails = false,
  signal = new AbortController().signal,
  wanted = {},
  told = {},
  met = {},
}: World) {
  const fetched: unknown[] = [];
  const stored: unknown[] = [];
  const contacts: Contact[] = [];
  const gaps: unknown[] = [];
  const noted: string[] = [];
  const note = () => undefined;
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const tenant = {
    chats: {
      page: async () => ({ items: records, next: undefined }),
      resolvePeer: async (ids: string[]) => ids.find((id) => id in met),
      get: async (id: string) => met[id],
      upsertContact: async (contact: Contact) => (contacts.push(contact), { chatId: 'chat' }),
    },
    messages: {
      findTold: async ({ messages: asked }: { messages: EngineMessage[] }) =>
        asked.map(({ stanzaId }) => {
          const { hasNews, ...recorded } = told[stanzaId] ?? {};
          return hasNews === undefined ? undefined : { hasNews, recorded: { messageId: stanzaId, ...recorded } };
        }),
      noteGap: async ({ gap }: { gap: unknown }) => void gaps.push(gap),
      completeGap: async ({ messageId }: { messageId: string }) => void gaps.push(`${messageId} is whole`),
    },
  } as unknown as Tenant;
  const engine = {
    listChats: async () => chats,
    noteStored: ({ stanzaId }: EngineMessage) => void noted.push(stanzaId),
    async fetchSince(id: string, range: { since: number; atLeast: number }) {
      fetched.push([id, range.since, range.atLeast]);
      if (fails) throw new Error('cut off');
      return { messages, isWhole };
    },
  } as unknown as EngineSession;
  async function store({ stanzaId }: EngineMessage, { contact, missedSince }: StoreOptions) {
    if (refused.includes(stanzaId)) return undefined;
    contacts.push(contact);
    stored.push([stanzaId, missedSince !== undefined]);
    return { stored: true, chatId: 'chat', messageId: stanzaId, missedSince } as RecordedMessage;
  }
  const { scan } = createCatchUp({
    tenant,
    keys: createChatKeys({ onRetired: note }),
    queue: createKeyedQueue({ concurrency: 1 }),
    log,
    signal,
    describe: async (id) => ({ waIds: [id, ...Object.keys(met)], name: 'Ana', isGroup: false }),
    store,
  });
  const since = { caughtUpAt: new Date(caughtUp * 1_000), history: false, behind: createBehindChats() };
  const { outcome } = await scan(engine, { ...since, ...wanted });
  return { ...(await outcome), fetched, stored, contacts, gaps, noted };
}

const firstLink = { caughtUpAt: undefined, history: true };

describe('a chat is asked for what it has', () => {
  it.each<[string, EngineChat, ChatRecord | undefined]>([
    ['something came since, or not long before', chatAt(caughtUp - editable), undefined],
    ['WhatsApp has newer messages than are stored, however old', chatAt(noon - 90 * hour), recordOf(noon - 91 * hour)],
    ['its history is missing', chatAt(1), recordOf(1, { historyMissing: true })],
    [
      'the last word is the owner’s',
      chatAt(noon - 20 * hour),
      recordOf(noon - 20 * hour, { lastMessage: last('owner', noon - 24 * hour + 1) }),
    ],
  ])('where %s', async (_why, chat, record) => {
    const { fetched } = await returning({ chats: [chat], records: record ? [record] : [] });
    expect(fetched).toHaveLength(1);
  });

  it.each<[string, EngineChat, ChatRecord | undefined]>([
    ['it was quiet for longer', chatAt(caughtUp - editable - 1), undefined],
    ['all of it is stored', chatAt(noon - 20 * hour), recordOf(noon - 20 * hour)],
    ['nothing is stored of it, and nothing new came', chatAt(noon - 20 * hour), recordOf(0, { lastOrder: '' })],
    ['it has no message', chatAt(0), recordOf(1, { historyMissing: true })],
    [
      'the last word is the customer’s',
      chatAt(noon - 20 * hour),
      recordOf(noon - 20 * hour, { lastMessage: last('customer', noon - hour) }),
    ],
    [
      'the last word never left',
      chatAt(noon - 20 * hour),
      recordOf(noon - 20 * hour, { lastMessage: last('owner', noon - hour, 'failed') }),
    ],
    [
      'the last word is a day old',
      chatAt(noon - 24 * hour),
      recordOf(noon - 24 * hour, { lastMessage: last('owner', noon - 24 * hour) }),
    ],
  ])('but not where %s', async (_why, chat, record) => {
    const { fetched } = await returning({ chats: [chat], records: record ? [record] : [] });
    expect(fetched).toEqual([]);
  });

  it('where it is behind, from when on it is', async () => {
    const behind = createBehindChats();
    behind.add(peer, new Date((noon - 50 * hour) * 1_000));
    const { fetched } = await returning({ chats: [chatAt(1)], wanted: { behind } });
    expect(fetched).toEqual([[peer, noon - 50 * hour - 2 * minute, 20]]);
  });

  it('newest first, and at the first link the 200 newest', async () => {
    const chats = Array.from({ length: 202 }, (_, place) => chatAt(1_000 + place, `${place}@c.us`));
    const { fetched } = await returning({ chats, wanted: firstLink });
    expect(fetched.map((one) => (one as string[])[0])).toEqual(
      Array.from({ length: 200 }, (_, place) => `${201 - place}@c.us`),
    );
  });

  it('from its newest stored message on, or from where nobody listened, and with what may have been edited', async () => {
    const unknown = await returning({ chats: [chatAt(noon)] });
    expect(unknown.fetched).toEqual([[peer, caughtUp - 2 * minute, 20]]);
    const older = await returning({ chats: [chatAt(noon)], records: [recordOf(caughtUp - 9 * hour)] });
    expect(older.fetched).toEqual([[peer, caughtUp - 9 * hour - editable, 20]]);
    const newer = await returning({ chats: [chatAt(noon)], records: [recordOf(noon - minute)] });
    expect(newer.fetched).toEqual([[peer, caughtUp - editable, 20]]);
    const first = await returning({ chats: [chatAt(noon)], wanted: firstLink });
    expect(first.fetched).toEqual([[peer, noon, 20]]);
  });
});

describe('what was fetched', () => {
  it('is of the gap where it came while nobody listened; the rest is history, or live', async () => {
    const times = [caughtUp - 2 * minute - 1, caughtUp - 2 * minute, noon, noon + 1];
    const messages = times.map((sentAt, place) => text(`${place}`, sentAt));
    const { stored, gaps } = await returning({ chats: [chatAt(noon)], messages });
    expect(stored).toEqual([
      ['0', false],
      ['1', true],
      ['2', true],
      ['3', false],
    ]);
    const [since, until] = [caughtUp, noon].map((second) => new Date(second * 1_000).toISOString());
    expect(gaps).toEqual([{ messages: 2, since, until }]);
  });

  it('of a first link is no gap', async () => {
    const { stored, gaps } = await returning({ chats: [chatAt(noon)], messages: [text('A', noon)], wanted: firstLink });
    expect([stored, gaps]).toEqual([[['A', false]], []]);
  });

  it('is said to be incomplete when the store refuses some of it, and the others are there', async () => {
    const messages = ['A', 'B', 'C'].map((id) => text(id, noon - minute));
    const { stored, gaps, failed, noted } = await returning({ chats: [chatAt(noon)], messages, refused: ['B'] });
    expect(noted).toEqual(['A', 'C']);
    expect(stored).toEqual([
      ['A', true],
      ['C', true],
    ]);
    expect(gaps).toMatchObject([{ messages: 2, incomplete: true }]);
    expect(failed).toEqual([]);
  });

  it('comes with how many are unread; of a chat without messages nothing is written', async () => {
    const { contacts } = await returning({ chats: [chatAt(noon)], messages: [text('A', noon)] });
    expect(contacts).toEqual([{ waIds: [peer], name: 'Ana', isGroup: false, unread: 3 }]);
    expect((await returning({ chats: [chatAt(noon)] })).contacts).toEqual([]);
  });

  it('takes back that the history was missing, also where there is none', async () => {
    const records = [recordOf(1, { historyMissing: true })];
    const { contacts } = await returning({ chats: [chatAt(1)], records });
    expect(contacts).toMatchObject([{ historyMissing: false }]);
  });

  it('is not stored any further once the host stops', async () => {
    const stop = new AbortController();
    stop.abort();
    const messages = [text('A', noon)];
    const { failed, stored } = await returning({ chats: [chatAt(noon)], messages, signal: stop.signal });
    expect([failed, stored]).toEqual([[peer], []]);
  });
});

describe('of what is stored already', () => {
  const records = [recordOf(noon - minute)];
  const since = new Date(caughtUp * 1_000).toISOString();
  const messages = [text('A', noon - 2 * minute), text('B', noon - minute)];

  it('only what is told otherwise now is stored again', async () => {
    const told = { A: { hasNews: true }, B: { hasNews: false } };
    const { stored, noted } = await returning({ chats: [chatAt(noon)], records, messages, told });
    expect(stored).toEqual([['A', true]]);
    expect(noted).toEqual(['A', 'B']);
  });

  it('what an earlier attempt stored of the gap is told of with it', async () => {
    const told = { A: { hasNews: false, missedSince: since }, B: { hasNews: false, missedSince: 'another gap' } };
    const { gaps } = await returning({ chats: [chatAt(noon)], records, messages, told });
    expect(gaps).toMatchObject([{ messages: 1, since }]);
  });

  it('what stands beside a gap takes back that more may be missing, once all is there', async () => {
    const told = { A: { hasNews: false, isBesideGap: true }, B: { hasNews: false } };
    const whole = await returning({ chats: [chatAt(noon)], records, messages, told });
    expect(whole.gaps).toEqual(['A is whole']);
    const part = await returning({ chats: [chatAt(noon)], records, messages, told, isWhole: false });
    expect(part.gaps).toEqual([]);
  });

  it('what is older than the range and was never stored is not wanted now, unless the history is', async () => {
    const old = [text('OLD', caughtUp - 3 * minute), ...messages];
    const found = await returning({ chats: [chatAt(noon)], records, messages: old });
    expect(found.stored.map((one) => (one as string[])[0])).toEqual(['A', 'B']);
    const first = await returning({ chats: [chatAt(noon)], records, messages: old, wanted: { history: true } });
    expect(first.stored.map((one) => (one as string[])[0])).toEqual(['OLD', 'A', 'B']);
  });

  it('all is told to the store again where the chat comes under an id that is new here', async () => {
    const lid = '99887766554433@lid';
    const told = { A: { hasNews: false }, B: { hasNews: false } };
    const met = { [lid]: recordOf(noon - minute, { waIds: [lid] }) };
    const { stored, fetched } = await returning({ chats: [chatAt(noon)], messages, told, met });
    expect(fetched).toEqual([[peer, caughtUp - editable, 20]]);
    expect(stored).toHaveLength(2);
  });
});

describe('a return is counted', () => {
  it('with what was found, unless that is history', async () => {
    const counted = vi.spyOn(metrics, 'emit').mockReturnValue();
    const messages = [text('A', noon), text('B', noon)];
    await returning({ chats: [chatAt(noon)], messages });
    expect(counted.mock.calls).toEqual([['CatchUps'], ['MessagesCaughtUp', 2]]);
    counted.mockClear();
    await returning({ chats: [chatAt(noon)], messages, wanted: firstLink });
    expect(counted.mock.calls).toEqual([['CatchUps']]);
  });

  it('with the chats that could not be fetched, which hold up no other', async () => {
    const counted = vi.spyOn(metrics, 'emit').mockReturnValue();
    const { failed, fetched } = await returning({ chats: [chatAt(noon), chatAt(noon, 'other@c.us')], fails: true });
    expect([failed, fetched.length]).toEqual([[peer, 'other@c.us'], 2]);
    expect(counted.mock.calls).toEqual([['CatchUps'], ['MessagesCaughtUp', 0], ['CatchUpFailures']]);
  });
});
