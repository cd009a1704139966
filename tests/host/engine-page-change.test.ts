import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserHome, EngineEvent } from '@top-active/session-host/engine';
import { afterEach, describe, expect, it } from 'vitest';
import type { PageChanges } from '@top-active/world/whatsapp';
import { startEngineFixture, type EngineFixture, type WatchedSession } from '../support/engine-fixture.ts';
import { ana, owner } from '../support/session-host-fixture.ts';

/** WhatsApp's page changes under way, between two documents of a linked account: whoever is linked notices nothing. */

const anaId = `${ana}@c.us`;
const soon = { timeout: 15_000, interval: 50 };
const everything = { since: 0, atLeast: 0, atMost: 1_000 };
const messageEveryMs = 100;

/** What a person who is linked would notice. */
const noticed = new Set<EngineEvent['type']>(['died', 'logged-out', 'qr', 'unreadable', 'missed', 'page-silent']);

const changes: { from: PageChanges; to: PageChanges }[] = [
  { from: { build: '2026-07', alias: '$1' }, to: { build: '2026-09', alias: '$1' } },
  { from: { build: '2026-07', alias: '$1' }, to: { build: '2026-09', alias: 'a' } },
  { from: { build: '2026-04' }, to: { build: '2026-09' } },
];
const named = changes.map((change) => [JSON.stringify(change).replaceAll('"', ''), change] as const);

interface Passing {
  fixture: EngineFixture;
  home: BrowserHome;
  linked: WatchedSession;
}

/** How a page that has changed is met, while messages come. @returns the session whose page it is */
const ways: Record<string, (passing: Passing) => Promise<WatchedSession>> = {
  async 'the page is loaded anew'({ fixture, linked }) {
    const from = linked.events.length;
    fixture.world.act(owner, { action: 'reload' });
    await linked.next('ready', { from });
    return linked;
  },
  async 'the session is begun anew'({ fixture, home, linked }) {
    await linked.session.stop();
    const again = fixture.start(home);
    await again.next('ready', { from: 0 });
    return again;
  },
};

describe.each(named)('between two documents, %s', { timeout: 60_000 }, (_, { from, to }) => {
  let fixture: EngineFixture;
  afterEach(() => fixture.close());

  it.each(Object.entries(ways))('nobody notices when %s', async (_way, meet) => {
    fixture = await startEngineFixture({ page: from });
    const { world } = fixture;
    const home = await fixture.newHome();
    const linked = await fixture.link(home);
    const sent: string[] = [];
    const receive = (text: string) => {
      sent.push(text);
      return world.send({ from: ana, to: owner, text }).id;
    };
    const edited = receive('antes: terça às 14h');
    const revoked = receive('antes: engano');
    const reply = await linked.session.sendText(anaId, 'antes: combinado');
    sent.push(reply.text);
    const before = await linked.session.fetchSince(anaId, everything);

    world.setPage(to);
    const changing = new AbortController();
    const traffic = (async () => {
      for (let number = 1; !changing.signal.aborted; number++) {
        receive(`durante ${number}`);
        await delay(messageEveryMs);
      }
    })();
    const after = await meet({ fixture, home, linked });
    changing.abort();
    await traffic;
    receive('depois');
    const answer = await after.session.sendText(anaId, 'depois: até terça');
    sent.push(answer.text);

    // What came while nobody listened is fetched once the session is ready; the rest was told. Stored once each by its
    // id.
    const events = linked === after ? linked.events : [...linked.events, ...after.events];
    const told = () => events.flatMap((event) => (event.type === 'message' ? [event.message] : []));
    await expect.poll(() => told().map(({ text }) => text), soon).toContain('depois');
    const { messages, isWhole } = await after.session.fetchSince(anaId, everything);
    expect(isWhole).toBe(true);
    expect(messages.map(({ text }) => text)).toEqual(sent);
    const stored = new Map(messages.map((message) => [message.stanzaId, message.waId]));
    expect(stored.size).toBe(sent.length);
    for (const { stanzaId, waId } of [...told(), ...before.messages]) expect(stored.get(stanzaId)).toBe(waId);

    // What becomes of what is older than the page is told under the id that it had.
    world.read(ana, owner);
    world.edit({ phone: ana, peer: owner, id: edited, text: 'quarta às 14h' });
    world.revoke({ phone: ana, peer: owner, id: revoked });
    const became = [
      { type: 'delivery', stanzaId: reply.stanzaId, delivery: 'read' },
      { type: 'delivery', stanzaId: answer.stanzaId, delivery: 'read' },
      { type: 'edit', stanzaId: edited, text: 'quarta às 14h' },
      { type: 'revoke', stanzaId: revoked },
    ];
    for (const event of became)
      await expect.poll(() => after.events, soon).toContainEqual(expect.objectContaining(event));

    expect(after.events.filter(({ type }) => noticed.has(type) && (after !== linked || type !== 'qr'))).toEqual([]);
    expect(linked.count('qr')).toBe(1);
    // What the library still asks of a browser that is closed is answered by nobody.
    expect(after.unhandled).toEqual([]);
    const links = world.events().filter(({ kind }) => kind === 'linked' || kind === 'unlinked');
    expect(links).toHaveLength(1);
    expect(world.received({ phone: ana }).map(({ text }) => text)).toEqual(['antes: combinado', 'depois: até terça']);
  });
});
