import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserHome } from '@top-active/session-host/engine';
import { startEngineFixture, type EngineFixture, type WatchedSession } from '../support/engine-fixture.ts';
import { ana, owner } from '../support/session-host-fixture.ts';

/** Messages whose event never comes, on pages that changed: the library is deaf, the witness isn't. */

let fixture: EngineFixture;
let home: BrowserHome;
let watched: WatchedSession;

beforeAll(async () => {
  fixture = await startEngineFixture();
  home = await fixture.newHome();
  const linked = await fixture.link(home);
  await linked.session.stop();
}, 60_000);
afterEach(() => watched.session.stop());
afterAll(() => fixture.close());

const soon = { timeout: 15_000, interval: 20 };
/** A twentieth of what a host waits. */
const times = { tellMs: 1_000, silentMs: 1_000, silentAgainMs: 2_000, reactionsEveryMs: 1_000 };

type PageChanges = Parameters<EngineFixture['world']['setPage']>[0];

const sameAsEver: PageChanges = {
  build: '2026-09',
  rehearsals: { throwingListener: false, msgAddSilent: false, reactionsElsewhere: false },
};

/** The linked account in a new browser, whose page has these changes. */
async function open(changes: PageChanges = {}, repairsOff: string[] = []): Promise<void> {
  fixture.world.setPage(sameAsEver);
  fixture.world.setPage(changes);
  watched = fixture.start(home, times, { repairsOff });
  await watched.next('ready', { from: 0 });
}

function texts(): string[] {
  return watched.events.flatMap((event) => (event.type === 'message' ? [event.message.text] : []));
}

function storeAll(): void {
  for (const event of watched.events) if (event.type === 'message') watched.session.noteStored(event.message);
}

describe('a message that came into the page', () => {
  it('is told by the library, and nothing is missed', async () => {
    await open();
    fixture.world.send({ from: ana, to: owner, text: 'bom dia' });
    await expect.poll(texts, soon).toEqual(['bom dia']);
    storeAll();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(watched.count('missed')).toBe(0);
    expect(watched.events.filter(({ type }) => type === 'reception')).toEqual([{ type: 'reception', state: 'ok' }]);
    expect(texts()).toEqual(['bom dia']);
  });

  it('is told though the library’s listeners were never attached, with all that becomes of it', async () => {
    // The repair that keeps the library’s listeners is switched off.
    await open({ rehearsals: { throwingListener: true } }, ['listener-modules']);
    const { id } = fixture.world.send({ from: ana, to: owner, text: 'alguém aí?' });
    await expect.poll(texts, soon).toEqual(['alguém aí?']);
    expect(watched.events).toContainEqual({ type: 'missed', level: 'deaf', messages: 1 });
    expect(watched.events.findLast(({ type }) => type === 'reception')).toEqual({ type: 'reception', state: 'late' });
    storeAll();
    const sent = await watched.session.sendText(`${ana}@c.us`, 'sim');
    await expect
      .poll(() => watched.events, soon)
      .toContainEqual(expect.objectContaining({ type: 'delivery', stanzaId: sent.stanzaId, delivery: 'delivered' }));
    fixture.world.revoke({ phone: ana, peer: owner, id });
    // Also by the library, which had attached this listener before it failed: storing it twice does no harm.
    await expect.poll(() => watched.count('revoke'), soon).toBeGreaterThan(0);
    const { report } = await watched.next('capabilities', { from: 0 });
    // Those that the library attached before it failed are its own.
    expect(report.capabilities).toMatchObject({
      receive: { state: 'repaired', how: expect.stringContaining('Msg add: by the witness') as string },
      ack: { state: 'ok' },
    });
  });

  it('any-key: is read by what its id has, with no repair in the page, and nothing is missed', async () => {
    await open({ build: '2026-07', alias: 'a' }, ['message-keys', 'leaving-keys']);
    fixture.world.send({ from: ana, to: owner, text: 'em julho' });
    await expect.poll(texts, soon).toEqual(['em julho']);
    storeAll();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(watched.events.filter(({ type }) => type === 'unreadable' || type === 'missed')).toEqual([]);
  });

  it('is told though the library tells of it without an id that can be read, as in July without any repair', async () => {
    await open({ build: '2026-07', alias: 'a' }, ['message-keys', 'leaving-keys', 'any-key']);
    const { id } = fixture.world.send({ from: ana, to: owner, text: 'em julho, sem reparo' });
    await expect.poll(() => watched.count('unreadable'), soon).toBe(1);
    await expect.poll(texts, soon).toEqual(['em julho, sem reparo']);
    expect(watched.events.find(({ type }) => type === 'message')).toMatchObject({ message: { stanzaId: id } });
    expect(watched.events).toContainEqual({ type: 'missed', level: 'unreadable', messages: 1 });
  });

  it('has its reactions though the page works on them elsewhere, and the capability says how', async () => {
    await open({ rehearsals: { reactionsElsewhere: true } });
    const { id } = fixture.world.send({ from: owner, to: ana, text: 'terça às 14h, confirma?' });
    const emojis = () => watched.events.flatMap((event) => (event.type === 'reaction' ? [event.reaction.emoji] : []));
    await expect.poll(texts, soon).toEqual(['terça às 14h, confirma?']);
    fixture.world.react({ phone: ana, peer: owner, id, emoji: '👍' });
    await expect.poll(emojis, soon).toEqual(['👍']);
    expect(watched.events.find(({ type }) => type === 'reaction')).toMatchObject({
      fromMe: true,
      reaction: { author: 'customer' },
    });
    const states = () =>
      watched.events.flatMap((event) =>
        event.type === 'capabilities' ? [event.report.capabilities.reaction.state] : [],
      );
    await expect.poll(() => states().at(-1), soon).toBe('repaired');
    fixture.world.react({ phone: ana, peer: owner, id, emoji: '' });
    await expect.poll(emojis, soon).toEqual(['👍', '']);
  });

  it('has the votes on it though the page works on them elsewhere', async () => {
    await open({ rehearsals: { reactionsElsewhere: true } });
    const poll = { question: 'Que dia?', options: ['Terça', 'Quarta'], multiple: true };
    const { id } = fixture.world.send({ from: owner, to: ana, poll });
    await expect.poll(texts, soon).toEqual(['Que dia?']);
    const votes = () =>
      watched.events.flatMap((event) =>
        event.type === 'poll' && event.stanzaId === id ? [event.poll.options.map((option) => option.votes)] : [],
      );
    fixture.world.vote({ phone: ana, peer: owner, id, options: ['Quarta'] });
    await expect.poll(() => votes().at(-1), soon).toEqual([0, 1]);
    fixture.world.vote({ phone: ana, peer: owner, id, options: [] });
    await expect.poll(() => votes().at(-1), soon).toEqual([0, 0]);
    const told = votes().length;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(votes()).toHaveLength(told);
  });

  it('is told though the list of chats shows nothing newer, since WhatsApp counts one more unread', async () => {
    await open({ rehearsals: { msgAddSilent: true } });
    const { t } = fixture.world.send({ from: ana, to: owner, text: 'uma' });
    await expect.poll(texts, soon).toEqual(['uma']);
    await expect.poll(() => watched.count('missed'), soon).toBe(1);
    // In the same second: the chat is as new as it was.
    fixture.world.send({ from: ana, to: owner, text: 'outra', t });
    await expect.poll(texts, soon).toEqual(['uma', 'outra']);
    expect(watched.events.findLast(({ type }) => type === 'missed')).toMatchObject({ level: 'silent', messages: 1 });
  });

  it('is told though the page’s collection grows without a sign, and a page that stays silent is to be begun anew', async () => {
    await open({ rehearsals: { msgAddSilent: true } });
    fixture.world.send({ from: ana, to: owner, text: 'em silêncio' });
    await expect.poll(texts, soon).toEqual(['em silêncio']);
    expect(watched.events).toContainEqual({ type: 'missed', level: 'silent', messages: 1 });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    fixture.world.send({ from: ana, to: owner, text: 'ainda em silêncio' });
    await expect.poll(() => watched.count('page-silent'), soon).toBe(1);
    expect(texts()).toEqual(['em silêncio', 'ainda em silêncio']);
  });
});
