import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageChanges } from '@top-active/world/whatsapp';
import { startEngineFixture, type EngineFixture, type WatchedSession } from '../support/engine-fixture.ts';
import { ana, owner } from '../support/session-host-fixture.ts';

/**
 * The engine on each shape of WhatsApp's page: docs/whatsapp-versions.md. Each test is named by the repair that it
 * needs.
 */

const soon = { timeout: 10_000, interval: 50 };

const pages: PageChanges[] = [
  { build: '2026-04' },
  { build: '2026-07', alias: '$1' },
  { build: '2026-07', alias: '$2' },
  { build: '2026-07', alias: 'a' },
  { build: '2026-07-lazy', registerMs: 3_000 },
  { build: '2026-08' },
  { build: '2026-09' },
  { build: '2026-09', rehearsals: { seenSignature: 'positional' } },
  { build: '2026-09', rehearsals: { loadSignature: 'positional' } },
  { build: '2026-09', rehearsals: { historyQuery: true } },
  { build: '2026-09', rehearsals: { throwingListener: true } },
  { build: '2026-09', rehearsals: { widAlias: true } },
  { build: '2026-09', rehearsals: { noRequire: true } },
];

const named = pages.map((page) => [JSON.stringify(page).replaceAll('"', ''), page] as const);

describe.each(named)('on page %s', (_, page) => {
  let fixture: EngineFixture;
  let linked: WatchedSession;
  beforeAll(async () => {
    fixture = await startEngineFixture({ page });
    for (let number = 1; number <= 60; number++) fixture.world.send({ from: ana, to: owner, text: `antes ${number}` });
    linked = await fixture.link(await fixture.newHome());
  }, 60_000);
  afterAll(() => fixture.close());

  const anaId = `${ana}@c.us`;

  it('leaving-keys: a message that comes has its whole id', async () => {
    const from = linked.events.length;
    const { id } = fixture.world.send({ from: ana, to: owner, text: 'oi' });
    const { message } = await linked.next('message', { from });
    expect(message).toMatchObject({ peer: anaId, stanzaId: id, waId: `false_${anaId}_${id}`, text: 'oi' });
  });

  it('sent-message: a message that is sent is known, and gets its ticks', async () => {
    const from = linked.events.length;
    const sent = await linked.session.sendText(anaId, 'tudo bem');
    expect(sent).toMatchObject({ peer: anaId, fromMe: true, text: 'tudo bem' });
    const isTicked = () =>
      linked.events
        .slice(from)
        .some((event) => event.type === 'delivery' && event.stanzaId === sent.stanzaId && event.delivery !== 'pending');
    await expect.poll(isTicked, soon).toBe(true);
  });

  it('message-keys: the library finds a chat with messages', async () => {
    const from = linked.events.length;
    fixture.world.send({ from: ana, to: owner, text: 'não lida' });
    expect(await linked.next('unread', { from })).toMatchObject({ peer: anaId });
  });

  it('fetches the history, in order and once each', async () => {
    const { messages, isWhole } = await linked.session.fetchSince(anaId, { since: 0, atLeast: 0, atMost: 1_000 });
    // The page's database doesn't say whether the phone has more.
    expect(isWhole).toBe(page.rehearsals?.historyQuery !== true);
    const old = messages.filter(({ text }) => text.startsWith('antes '));
    expect(old.map(({ text }) => text)).toEqual(Array.from({ length: 60 }, (_, index) => `antes ${index + 1}`));
    expect(messages.every(({ waId, stanzaId }) => waId.includes(`_${anaId}_${stanzaId}`))).toBe(true);
    const newest = await linked.session.fetchSince(anaId, { since: Date.now(), atLeast: 3, atMost: 10 });
    expect(newest).toEqual({ messages: messages.slice(-3), isWhole: true });
    expect(await linked.session.fetchSince(anaId, { since: 0, atLeast: 0, atMost: 10 })).toMatchObject({
      isWhole: false,
    });
  });

  it('lists the chat, says who it is with, and marks it as seen', async () => {
    const chats = await linked.session.listChats();
    expect(chats.find(({ peer }) => peer === anaId)).toMatchObject({ lastMessageAt: expect.any(Number) as number });
    expect(await linked.session.describePeer(anaId)).toMatchObject({ phone: ana, name: 'Ana', isGroup: false });
    await linked.session.showTyping(anaId);
    const from = linked.events.length;
    await linked.session.markSeen(anaId);
    expect(await linked.next('unread', { from })).toMatchObject({ unread: 0 });
  });

  it('message-keys: tells what the page is capable of', async () => {
    const { report } = await linked.next('capabilities', { from: 0, timeoutMs: 60_000 });
    const missing = Object.entries(report.capabilities).filter(([, { state }]) => state === 'missing');
    expect(missing.map(([name]) => name).filter((name) => name !== 'restriction')).toEqual([]);
    const witnessed = Object.values(report.capabilities).filter(({ how }) => how?.includes('by the witness'));
    expect(witnessed).toEqual([]);
    const { state, how = '' } = report.capabilities.identity;
    const repaired = `MsgKey by own "${page.alias ?? '$1'}"`;
    expect({ state, how: how.includes(repaired) ? repaired : how }).toEqual(
      page.build === '2026-04' ? { state: 'ok', how: '' } : { state: 'repaired', how: repaired },
    );
  });
});
