import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startEngineFixture, type EngineFixture, type WatchedSession } from '../support/engine-fixture.ts';
import { ana, owner } from '../support/session-host-fixture.ts';

/** How a session ends, fails to send and gets its connection back: the engine before the simulated WhatsApp. */

let fixture: EngineFixture;
const soon = { timeout: 8_000, interval: 20 };

beforeAll(async () => {
  fixture = await startEngineFixture();
});
afterEach(() => {
  fixture.world.clearFaults();
  fixture.world.clearFaults(owner);
});
afterAll(() => fixture.close());

describe('unlinking', () => {
  it('13: ends once WhatsApp has confirmed it, which the library does not wait for', async () => {
    fixture.world.setFaults({ logoutMs: 1_500 }, owner);
    const linked = await fixture.link(await fixture.newHome());
    expect(await linked.session.logout()).toBe(true);
    expect(fixture.world.phone(owner).devices).toEqual([]);
    expect(linked.unhandled).toEqual([]);
  });

  it('13: says that the phone was not told when WhatsApp does not hear it, whatever the page believes', async () => {
    const linked = await fixture.link(await fixture.newHome(), { answerTimeoutMs: 500 });
    fixture.world.setFaults({ deadLink: true }, owner);
    expect(await linked.session.logout()).toBe(false);
    expect(fixture.world.phone(owner).devices).toHaveLength(1);
    fixture.world.unlinkDevices(owner);
  });

  it('13: says so too when the page takes too long over it', async () => {
    fixture.world.setFaults({ logoutMs: 60_000 }, owner);
    const linked = await fixture.link(await fixture.newHome(), { unlinkTimeoutMs: 500 });
    expect(await linked.session.logout()).toBe(false);
    expect(fixture.world.phone(owner).devices).toHaveLength(1);
    fixture.world.unlinkDevices(owner);
  });
});

describe('what cannot be sent', () => {
  let linked: WatchedSession;
  const stranger = '5511955553333';
  const quick = { ackUntilDisconnectedMs: 1_500, ackUntilDeadMs: 3_000, restrictionsEveryMs: 60_000 };
  beforeAll(async () => {
    fixture.world.addPhone({ number: stranger, name: 'Nunca escreveu' });
    linked = await fixture.link(await fixture.newHome(), quick);
    fixture.world.send({ from: ana, to: owner, text: 'oi' });
    await vi.waitUntil(() => fixture.world.phone(owner).devices[0]?.waiting === 0, soon);
  });

  it.each([
    ['nack', 'refused'],
    ['error', 'not_sent'],
    ['restricted', 'refused'],
  ] as const)('15: is told as failed with its reason, and the session lives: %s', async (failSends, failure) => {
    const from = linked.events.length;
    fixture.world.setFaults({ failSends }, owner);
    const sent = await linked.session.sendText(`${ana}@c.us`, `vai falhar: ${failSends}`);
    const failed = { type: 'delivery', peer: sent.peer, stanzaId: sent.stanzaId, delivery: 'failed', failure };
    await vi.waitFor(() => expect(linked.events.slice(from)).toContainEqual(failed), soon);
    await delay(quick.ackUntilDeadMs + 500);
    expect(linked.events.slice(from).filter(({ type }) => type === 'disconnected' || type === 'died')).toEqual([]);
    fixture.world.clearFaults(owner);
    const after = await linked.session.sendText(`${ana}@c.us`, `chega: ${failSends}`);
    await vi.waitFor(
      () =>
        expect(linked.events).toContainEqual(
          expect.objectContaining({ stanzaId: after.stanzaId, delivery: 'delivered' }),
        ),
      soon,
    );
  });

  it('16: is refused here when the owner has blocked the contact, before WhatsApp is asked', async () => {
    fixture.world.blockContact(owner, { number: ana, blocked: true });
    await vi.waitFor(
      () =>
        expect(linked.session.sendText(`${ana}@c.us`, 'bloqueada')).rejects.toMatchObject({
          outcome: 'refused',
          failure: 'blocked_by_owner',
        }),
      soon,
    );
    fixture.world.blockContact(owner, { number: ana, blocked: false });
    await vi.waitFor(() => linked.session.sendText(`${ana}@c.us`, 'desbloqueada'), soon);
    expect(fixture.world.received({ phone: ana }).map(({ text }) => text)).not.toContain('bloqueada');
  });

  it('17: is refused here while the account may write to no stranger, and goes to whom has written before', async () => {
    const from = linked.events.length;
    fixture.world.setFaults({ reachoutTimelock: { type: 'DEFAULT', endsInMs: 600_000 } }, owner);
    expect(await linked.next('restrictions', { from })).toMatchObject({
      restrictions: [{ kind: 'reachout', level: 'limited', type: 'DEFAULT', until: expect.any(String) }],
    });
    await expect(linked.session.sendText(`${stranger}@c.us`, 'proibida')).rejects.toMatchObject({
      outcome: 'refused',
      failure: 'reachout_restricted',
    });
    await linked.session.sendText(`${ana}@c.us`, 'permitida');
    const before = linked.events.length;
    fixture.world.clearFaults(owner);
    expect(await linked.next('restrictions', { from: before })).toMatchObject({ restrictions: [] });
    expect(fixture.world.received({ phone: stranger })).toEqual([]);
  });

  it('17: is refused here once the new conversations are used up, of which a warning forbids none', async () => {
    const from = linked.events.length;
    const cap = { total: 10, used: 9, endsInMs: 600_000 };
    fixture.world.setFaults({ newChatCap: { ...cap, status: 'FIRST_WARNING' } }, owner);
    expect(await linked.next('restrictions', { from })).toMatchObject({
      restrictions: [{ kind: 'new_chats', level: 'warning', quota: { total: 10, used: 9 } }],
    });
    await linked.session.sendText(`${stranger}@c.us`, 'ainda pode');
    const before = linked.events.length;
    fixture.world.setFaults({ newChatCap: { ...cap, used: 10, status: 'CAPPED' } }, owner);
    await linked.next('restrictions', { from: before });
    await expect(linked.session.sendText(`${stranger}@c.us`, 'acabou')).rejects.toMatchObject({
      failure: 'new_chats_used_up',
    });
    expect(fixture.world.received({ phone: stranger }).map(({ text }) => text)).toEqual(['ainda pode']);
  });
});

describe('a connection that was away for long', () => {
  const scale = 0.05;
  const away = 300_000 * scale;
  it('18: is back soon after the network, for which the page alone would wait', async () => {
    fixture.world.setFaults({ reconnectScale: scale }, owner);
    fixture.world.unlinkDevices(owner);
    const linked = await fixture.link(await fixture.newHome(), {
      pokeAfterMs: 20_000 * scale,
      pokeEveryMs: 25_000 * scale,
    });
    const from = linked.events.length;
    fixture.world.act(owner, { action: 'drop-socket', downMs: away });
    const back = performance.now() + away;
    await linked.next('disconnected', { from });
    // Asked while there is no connection: the answer comes long after anybody waits for it.
    const late = await linked.session.markSeen(`${ana}@c.us`).then(
      () => 'answered',
      () => 'too late',
    );
    await linked.next('ready', { from, timeoutMs: away + 10_000 });
    expect(performance.now() - back).toBeLessThan(50_000 * scale);
    expect(late).toBe('too late');
    expect(linked.count('died')).toBe(0);
    expect(linked.unhandled).toEqual([]);
  }, 60_000);
});

describe('what a customer sees of it', () => {
  /** The newest tick of a message of the customer's. */
  const tick = () => fixture.world.events({ phone: ana, limit: 10_000 }).findLast(({ kind }) => kind === 'ack');

  it('19: is nothing of all that a suggestion takes, and that a message was read once one is sent', async () => {
    fixture.world.unlinkDevices(owner);
    const linked = await fixture.link(await fixture.newHome());
    fixture.world.send({ from: ana, to: owner, text: 'Tem horário na terça?' });
    const peer = `${ana}@c.us`;
    await linked.session.describePeer(peer);
    await linked.session.listChats();
    await linked.session.fetchSince(peer, { since: 0, atLeast: 20, atMost: 20 });
    await delay(500);
    expect(tick()).toMatchObject({ data: { ack: 2 } });
    await linked.session.sendText(peer, 'Tenho, às 14h.');
    // Whoever is shown as typing is there: what was put off until then follows.
    await linked.session.markSeen(`${owner}@c.us`);
    await vi.waitFor(() => expect(tick()).toMatchObject({ data: { ack: 3 } }), soon);
  });

  it('20: is no interruption when WhatsApp has a newer page, which is loaded in a quiet moment', async () => {
    fixture.world.unlinkDevices(owner);
    const linked = await fixture.link(await fixture.newHome(), { updateQuietMs: 500 });
    const from = linked.events.length;
    const { seq } = fixture.world.events({ limit: 10_000 }).at(-1) ?? { seq: 0 };
    fixture.world.setFaults({ needsUpdate: true }, owner);
    await linked.next('ready', { from });
    const connected = fixture.world
      .events({ after: seq, phone: owner })
      .filter(({ kind }) => kind === 'device-connected');
    expect(connected).toMatchObject([{ data: { resume: false } }]);
    fixture.world.send({ from: ana, to: owner, text: 'depois da troca' });
    await vi.waitFor(() => expect(linked.events).toContainEqual(expect.objectContaining({ type: 'message' })), soon);
    expect(linked.count('died')).toBe(0);
  });
});
