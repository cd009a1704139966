import type { Tenant } from '@top-active/aws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '@top-active/aws/test-support/dynoxide';
import { openTenant } from '@top-active/aws/test-support/tenants';
import type { EngineMessage } from '../engine/engine.ts';
import { createInbound, type Inbound } from './inbound.ts';
import { begin, catchUp, gapBegan, ignore, log, now, peer, store, stored, text, twoChats } from './test-inbound.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

describe('catching up', () => {
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
});
