import { logger, type Tenant } from '@top-active/aws';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countRequests } from '@top-active/aws/test-support/count-requests';
import { startDynamoDb, type TestDynamoDb } from '@top-active/aws/test-support/dynoxide';
import { damageRow, readRows } from '@top-active/aws/test-support/rows';
import { openTenant } from '@top-active/aws/test-support/tenants';
import type { EngineMessage, EngineSession } from '../engine/engine.ts';
import { createInbound, type Inbound } from './inbound.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const peer = '5511988887777@c.us';
const hidden = '99887766554433@lid';
const log = { ...logger, debug: ignore, info: ignore, warn: ignore, error: ignore };
const now = Math.floor(Date.now() / 1000);
const gapBegan = now - 60;

function ignore() {}

function text(stanzaId: string, secondsAgo: number, change: Partial<EngineMessage> = {}): EngineMessage {
  const facts = { peer, waId: `false_${peer}_${stanzaId}`, stanzaId, fromMe: false, kind: 'text' } as const;
  return { ...facts, text: stanzaId, sentAt: now - secondsAgo, delivery: 'delivered', ...change };
}

/**
 * WhatsApp with this one chat, whose messages are told as they stand in `page`. Of a session nothing else is used here.
 */
function anEngine(page: readonly EngineMessage[], waIds: [string, ...string[]] = [peer]): EngineSession {
  return {
    listChats: () =>
      Promise.resolve([{ peer, unread: 0, lastMessageAt: Math.max(...page.map(({ sentAt }) => sentAt)) }]),
    noteStored: ignore,
    describePeer: () => Promise.resolve({ waIds, name: 'Ana', isGroup: false }),
    fetchSince: (_: string, { since, atLeast }: { since: number; atLeast: number }) =>
      Promise.resolve({
        messages: page.filter(({ sentAt }, i) => sentAt >= since || i >= page.length - atLeast),
        isWhole: true,
      }),
  } as unknown as EngineSession;
}

/** As a host does that comes back after a minute without a connection. */
async function catchUp(tenant: Tenant, engine: EngineSession): Promise<void> {
  const { signal } = new AbortController();
  await createInbound({ tenant, log, signal, caughtUpAt: new Date(gapBegan * 1000) }).catchUp(engine);
}

/** As it came, before the gap. */
async function store(tenant: Tenant, messages: readonly EngineMessage[], waId = peer): Promise<void> {
  const { signal } = new AbortController();
  const inbound = createInbound({ tenant, log, signal, caughtUpAt: undefined });
  for (const message of messages)
    await inbound.store(message, { contact: { waIds: [waId], name: 'Ana', isGroup: false } });
}

async function stored(tenant: Tenant, of = peer) {
  const chatId = await tenant.chats.resolvePeer([of]);
  if (chatId === undefined) return [];
  return (await tenant.messages.page({ chatId, limit: 100 })).items;
}

describe('catching up', () => {
  it('asks as much of DynamoDB for a hundred messages that are known as for ten', async () => {
    const requests = async (count: number) => {
      const tenant = openTenant(db);
      const page = Array.from({ length: count }, (_, i) => text(`M${i}`, 160 - i));
      await store(tenant, page);
      const counting = countRequests(db);
      await catchUp(tenant, anEngine(page));
      const counts = counting.end();
      expect(await stored(tenant)).toHaveLength(count);
      return counts;
    };
    // The list of chats; the chat, and its messages.
    const few = { QueryCommand: 2, GetItemCommand: 1 };
    expect(await requests(10)).toEqual(few);
    expect(await requests(100)).toEqual(few);
  });

  it('takes over what was edited, deleted and read meanwhile, and asks nothing more once it has', async () => {
    const tenant = openTenant(db);
    const outbound = { fromMe: true, delivery: 'delivered' } as const;
    // Edited at the end of the time for it; deleted and read a day later.
    const before = [text('DELETED', 90_000), text('READ', 86_400, outbound), text('EDITED', 950), text('SAME', 900)];
    await store(tenant, before);
    const page = [
      text('UNWANTED', 100_000, { edited: true }),
      text('DELETED', 90_000, { kind: 'revoked', text: '' }),
      text('READ', 86_400, { ...outbound, delivery: 'read' }),
      text('EDITED', 950, { text: 'melhor assim', edited: true }),
      text('SAME', 900),
    ];
    await catchUp(tenant, anEngine(page));
    // What is older than the link was not wanted then, and isn't now.
    expect(await stored(tenant)).toMatchObject([
      { stanzaId: 'DELETED', kind: 'revoked', text: '' },
      { stanzaId: 'READ', delivery: 'read' },
      { stanzaId: 'EDITED', text: 'melhor assim', edited: true },
      { stanzaId: 'SAME', text: 'SAME', edited: false },
    ]);
    const counting = countRequests(db);
    await catchUp(tenant, anEngine(page));
    expect(counting.end()).toEqual({ QueryCommand: 2, GetItemCommand: 1 });
  });

  it('takes over how the customer reacted meanwhile to the last word, also when that was read long before', async () => {
    const tenant = openTenant(db);
    const confirm = text('CONFIRM', 7_200, { fromMe: true, delivery: 'read' });
    await store(tenant, [confirm]);
    const at = new Date((now - 30) * 1000).toISOString();
    const reactions = [{ author: 'customer', senderId: peer, emoji: '👍', at } as const];
    await catchUp(tenant, anEngine([{ ...confirm, content: { reactions } }]));
    expect(await stored(tenant)).toMatchObject([{ stanzaId: 'CONFIRM', reactions: [{ emoji: '👍' }] }]);
  });

  it('leaves each message once and in its place, whatever of them was stored, and in whatever order WhatsApp tells them', async () => {
    const messages = [100, 50, 50, 50, 20, 10].map((ago, i) => text(`N${i}`, ago));
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(messages, { minLength: 1 }),
        fc.array(fc.constantFrom(...messages), { maxLength: 12 }),
        async (known, told) => {
          const tenant = openTenant(db);
          await store(tenant, known);
          // Whole, or anything that happens to be told twice or late.
          await catchUp(tenant, anEngine([...told, ...messages]));
          const found = (await stored(tenant)).map(({ stanzaId, sentAt }) => ({ stanzaId, sentAt }));
          expect(found.map(({ stanzaId }) => stanzaId).toSorted()).toEqual(messages.map(({ stanzaId }) => stanzaId));
          const times = found.map(({ sentAt }) => sentAt);
          expect(times).toEqual(times.toSorted());
        },
      ),
      { numRuns: 12 },
    );
  });

  it('tells of the gap, with those that an earlier attempt stored before it was interrupted', async () => {
    const tenant = openTenant(db);
    const page = [text('BEFORE', 600), text('FIRST', 50), text('SECOND', 40), text('THIRD', 30)];
    await store(tenant, page.slice(0, 1));
    await catchUp(tenant, anEngine(page.slice(0, 3)));
    await catchUp(tenant, anEngine(page));
    expect((await stored(tenant)).map(({ stanzaId, gap }) => [stanzaId, gap?.messages])).toEqual([
      ['BEFORE', undefined],
      ['FIRST', 3],
      ['SECOND', undefined],
      ['THIRD', undefined],
    ]);
  });

  it('makes one chat of two when WhatsApp tells that they are one person’s, also where nothing else is new', async () => {
    const tenant = openTenant(db);
    const page = [text('NUMBER', 100)];
    await store(tenant, page);
    await store(tenant, [text('HIDDEN', 110)], hidden);
    await catchUp(tenant, anEngine(page, [peer, hidden]));
    expect((await stored(tenant)).map(({ stanzaId }) => stanzaId)).toEqual(['HIDDEN', 'NUMBER']);
  });

  it('holds up no chat for one that can’t be fetched, tries that one again by itself, and loses nothing of it', async () => {
    const tenant = openTenant(db);
    const bad = '5511977776666@c.us';
    let failures = 2;
    const engine = twoChats({
      [bad]: () =>
        failures-- > 0
          ? Promise.reject(new Error('singleSelectReply'))
          : Promise.resolve([text('LATE', 30, { peer: bad })]),
      [peer]: () => Promise.resolve([text('GOOD', 30)]),
    });
    const inbound = begin(tenant, { retryMs: 20 });
    await inbound.catchUp(engine);
    expect((await stored(tenant)).map(({ stanzaId }) => stanzaId)).toEqual(['GOOD']);
    // What the bad chat misses is not claimed to be stored.
    expect(inbound.caughtUpAt()?.getTime()).toBe(gapBegan * 1000);
    await expect.poll(async () => (await stored(tenant, bad)).map(({ stanzaId }) => stanzaId)).toEqual(['LATE']);
    expect((await stored(tenant, bad))[0]?.gap).toMatchObject({ messages: 1 });
    expect(inbound.caughtUpAt()?.getTime()).toBeGreaterThan(gapBegan * 1000);
  });

  it('ends its tries of a chat that can’t be fetched, says in the thread what is missing, and takes that back once it is there', async () => {
    const tenant = openTenant(db);
    await store(tenant, [text('BEFORE', 600)]);
    let tries = 0;
    let isWhole = false;
    const engine = twoChats({
      [peer]: () => {
        tries++;
        return isWhole ? Promise.resolve([text('BEFORE', 600), text('MISSED', 30)]) : Promise.reject(new Error('bad'));
      },
    });
    const inbound = begin(tenant, { retryMs: 1 });
    await inbound.catchUp(engine);
    await expect
      .poll(async () => (await stored(tenant)).map(({ gap }) => gap), { timeout: 10_000 })
      .toMatchObject([{ messages: 0, incomplete: true }]);
    expect(tries).toBe(6);
    expect(inbound.caughtUpAt()?.getTime()).toBeGreaterThan(gapBegan * 1000);
    isWhole = true;
    inbound.pause();
    await inbound.catchUp(engine);
    expect((await stored(tenant)).map(({ stanzaId, gap }) => [stanzaId, gap?.messages])).toEqual([
      ['BEFORE', undefined],
      ['MISSED', 1],
    ]);
  });

  it('says that some may be missing where WhatsApp gave less than it has', async () => {
    const gapAfter = async (isWhole: boolean) => {
      const tenant = openTenant(db);
      const page = [text('BEFORE', 600), text('MISSED', 30)];
      await store(tenant, page.slice(0, 1));
      await catchUp(tenant, twoChats({ [peer]: () => Promise.resolve(page) }, isWhole));
      return (await stored(tenant)).at(-1)?.gap;
    };
    expect(await gapAfter(false)).toMatchObject({ messages: 1, incomplete: true });
    expect(await gapAfter(true)).not.toHaveProperty('incomplete');
  });

  it('fetches the history that a first link missed before the host began anew', async () => {
    const tenant = openTenant(db);
    const engine = twoChats({ [peer]: () => Promise.resolve([text('OLD', 90_000), text('NEW', 30)]) });
    await store(tenant, [text('NEW', 30)]);
    await begin(tenant, { hasHistory: false }).catchUp(engine);
    expect((await stored(tenant)).map(({ stanzaId }) => stanzaId)).toEqual(['OLD', 'NEW']);
  });

  it('fetches the history of a chat that a first link gave up, once the host began anew, whatever else was noted', async () => {
    const tenant = openTenant(db);
    let isMended = false;
    const engine = twoChats({
      [peer]: () =>
        isMended ? Promise.resolve([text('OLD', 90_000), text('NEW', 30)]) : Promise.reject(new Error('$1')),
    });
    const first = createInbound({
      tenant,
      log,
      signal: new AbortController().signal,
      caughtUpAt: undefined,
      retryMs: 1,
    });
    await first.catchUp(engine);
    await first.store(text('NEW', 30), { contact: { waIds: [peer], name: 'Ana', isGroup: false } });
    await expect
      .poll(async () => (await stored(tenant)).map(({ gap }) => gap), { timeout: 10_000 })
      .toMatchObject([{ incomplete: true }]);
    // Messages come through, so the time until when everything is stored goes on.
    expect(first.caughtUpAt()).toBeDefined();
    isMended = true;
    const restarted = () => begin(tenant, { hasHistory: true }).catchUp(engine);
    await restarted();
    expect((await stored(tenant)).map(({ stanzaId, gap }) => [stanzaId, gap])).toEqual([
      ['OLD', undefined],
      ['NEW', undefined],
    ]);
    // Once it is there nothing remembers that it was missing.
    const chatId = (await tenant.chats.resolvePeer([peer])) ?? '';
    expect((await tenant.chats.get(chatId))?.historyMissing).toBeUndefined();
  });

  it('fetches the history of an account that is linked in the place of another', async () => {
    const tenant = openTenant(db);
    const other = '5511966665555@c.us';
    const inbound = begin(tenant, {});
    await inbound.catchUp(twoChats({ [peer]: () => Promise.resolve([text('ONE', 30)]) }));
    inbound.pause();
    inbound.beginLink();
    const engine = {
      ...twoChats({ [other]: () => Promise.resolve([text('OLD', 90_000, { peer: other })]) }),
      listChats: () => Promise.resolve([{ peer: other, unread: 0, lastMessageAt: now - 90_000 }]),
    };
    await inbound.catchUp(engine);
    expect((await stored(tenant, other)).map(({ stanzaId }) => stanzaId)).toEqual(['OLD']);
  });

  it('does not take what was fetched after the connection went for all that came meanwhile', async () => {
    const tenant = openTenant(db);
    const fetched = Promise.withResolvers<EngineMessage[]>();
    const inbound = begin(tenant, {});
    const catchingUp = inbound.catchUp(twoChats({ [peer]: () => fetched.promise }));
    inbound.pause();
    fetched.resolve([text('ONE', 30)]);
    await catchingUp;
    expect(inbound.caughtUpAt()?.getTime()).toBe(gapBegan * 1000);
  });

  it.each<[string, (inbound: Inbound) => void]>([
    ['right after it', ignore],
    ['while its history is fetched', (inbound) => inbound.pause()],
  ])('fetches what came when the page was loaded anew after a first link, %s', async (_, during) => {
    const tenant = openTenant(db);
    const other = '5511966665555@c.us';
    const history = Promise.withResolvers<EngineMessage[]>();
    const inbound = createInbound({ tenant, log, signal: new AbortController().signal, caughtUpAt: undefined });
    const linking = inbound.catchUp(twoChats({ [other]: () => history.promise }));
    during(inbound);
    history.resolve([text('BEFORE', 50, { peer: other })]);
    await linking;
    await inbound.catchUp(twoChats({ [peer]: () => Promise.resolve([text('NEW', 0)]) }));
    expect((await stored(tenant)).map(({ stanzaId }) => stanzaId)).toEqual(['NEW']);
  });

  it('catches up with a chat of which something live was not stored', async () => {
    const tenant = openTenant(db);
    const engine = twoChats({ [peer]: () => Promise.resolve([text('LIVE', 0)]) });
    let isDown = true;
    const messages: Tenant['messages'] = {
      ...tenant.messages,
      recordMessage(input) {
        if (isDown) throw new RangeError('once');
        return tenant.messages.recordMessage(input);
      },
    };
    const inbound = begin({ ...tenant, messages }, { retryMs: 50 });
    inbound.handle({ type: 'message', message: text('LIVE', 0) }, engine);
    await inbound.drain(5_000);
    isDown = false;
    await expect.poll(async () => (await stored(tenant)).map(({ stanzaId }) => stanzaId)).toEqual(['LIVE']);
  });

  it('writes damaged rows anew', async () => {
    const tenant = openTenant(db);
    const page = [text('ONE', 50), text('TWO', 40)];
    await store(tenant, page);
    const row = (await readRows(db, tenant.userId)).find(({ sk }) => /^MSG#.*-ONE$/.test(sk));
    await damageRow(db, { userId: tenant.userId, sk: row?.sk ?? '', change: { text: undefined, waId: undefined } });
    expect((await stored(tenant))[0]).toMatchObject({ kind: 'other', onPhone: { reason: 'damaged' } });
    await catchUp(tenant, anEngine(page));
    expect((await stored(tenant))[0]).toMatchObject({ kind: 'text', text: 'ONE', waId: page[0]?.waId });
  });
});

/** WhatsApp with one chat for each of these peers, in which something came lately. */
function twoChats(fetch: Record<string, () => Promise<EngineMessage[]>>, isWhole = true): EngineSession {
  return {
    listChats: () =>
      Promise.resolve(Object.keys(fetch).map((id) => ({ peer: id, unread: 0, lastMessageAt: now - 30 }))),
    describePeer: (id: string) => Promise.resolve({ waIds: [id], name: 'Ana', isGroup: false }),
    fetchSince: async (id: string) => ({ messages: (await fetch[id]?.()) ?? [], isWhole }),
    noteStored: ignore,
  } as unknown as EngineSession;
}

function begin(tenant: Tenant, options: { retryMs?: number; hasHistory?: boolean }) {
  const { signal } = new AbortController();
  return createInbound({ tenant, log, signal, caughtUpAt: new Date(gapBegan * 1000), ...options });
}
