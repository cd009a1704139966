import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import whatsapp, { type Client } from 'whatsapp-web.js';
import type { EngineSession } from '@top-active/session-host/engine';
import { startEngineFixture, type EngineFixture, type WatchedSession } from '../support/engine-fixture.ts';
import { ana, owner } from '../support/session-host-fixture.ts';

/**
 * What WhatsApp does to an account and its page besides changing it, on the newest page: docs/whatsapp-versions.md.
 * Tests are named by the repair that they need.
 */

const anaId = `${ana}@c.us`;
const soon = { timeout: 12_000, interval: 50 };

let fixture: EngineFixture;
beforeEach(async () => {
  fixture = await startEngineFixture();
});
afterEach(() => fixture.close());

/** A session that is linked, and the library's own client in it. */
async function linkWithClient(): Promise<WatchedSession & { client: Client }> {
  const initialized = vi.spyOn(whatsapp.Client.prototype, 'initialize');
  try {
    const linked = await fixture.link(await fixture.newHome());
    return { ...linked, client: initialized.mock.contexts[0] as Client };
  } finally {
    initialized.mockRestore();
  }
}

/** WhatsApp unlinks a device that has read the status when the page loads itself anew. Tells what was unlinked. */
async function unlinkedAfter(read: (engine: EngineSession) => Promise<void>): Promise<unknown[]> {
  const linked = await linkWithClient();
  fixture.world.saveContact(ana, { number: owner, name: 'Clínica' });
  fixture.world.send({ from: ana, to: 'status@broadcast', text: 'na praia' });
  fixture.world.send({ from: ana, to: owner, text: 'oi' });
  // What came before it is in the page too, and so is its chat once somebody has opened it.
  await linked.next('message', { from: 0 });
  await linked.client.getChatById('status@broadcast');
  await read(linked.session);
  const before = fixture.world.lastEvent();
  fixture.world.setFaults({ revokeAfterStatusRead: true, scheduledReloadMs: 200 }, owner);
  await delay(1_500);
  fixture.world.clearFaults(owner);
  return fixture.world.events({ after: before }).filter(({ kind }) => kind === 'unlinked');
}

describe('an account whose status must not be read', () => {
  it('stays linked when all chats are listed and fetched', async () => {
    const unlinked = await unlinkedAfter(async (engine) => {
      for (const { peer } of await engine.listChats())
        await engine.fetchSince(peer, { since: 0, atLeast: 100, atMost: 1_000 });
    });
    expect(unlinked).toEqual([]);
    await vi.waitFor(() => expect(fixture.world.phone(owner).devices).toMatchObject([{ connected: true }]), soon);
  });

  it.each(['status@broadcast', '120363000000000001@newsletter'])(
    'stays linked when it is asked for all the same: %s',
    async (peer) => {
      const unlinked = await unlinkedAfter(async (engine) => {
        const asked = engine.fetchSince(peer, { since: 0, atLeast: 100, atMost: 1_000 });
        await expect(asked).rejects.toMatchObject({ outcome: 'refused' });
      });
      expect(unlinked).toEqual([]);
    },
  );
});

describe('an account that WhatsApp unlinks when people are looked up while it syncs', () => {
  it('is linked, whatever is asked of it meanwhile', async () => {
    const stranger = fixture.world.addPhone({ number: '5511955554444', name: 'Nova' });
    fixture.world.setFaults({ flushDuringSync: true, syncDelayMs: 2_000 }, owner);
    const linking = fixture.start(await fixture.newHome());
    const { code } = await linking.next('qr', { from: 0 });
    fixture.world.scan(owner, code);
    let asked = 0;
    while (linking.count('ready') === 0 && asked < 200) {
      await linking.session.describePeer(`${stranger.number}@c.us`).catch(() => undefined);
      asked++;
      await delay(50);
    }
    expect(asked).toBeGreaterThan(10);
    await linking.next('ready', { from: 0 });
    expect(linking.count('logged-out')).toBe(0);
    expect(fixture.world.phone(owner).devices).toHaveLength(1);
  });
});

describe('a linked page', () => {
  it('whats-new: is not covered for long by what is new', async () => {
    const linked = await fixture.link(await fixture.newHome());
    fixture.world.setFaults({ whatsNew: true }, owner);
    // The page notes when somebody has closed it.
    const notes = () => linked.session.readLocalStorage();
    await expect.poll(notes, soon).toHaveProperty('whats-new-dismissed-at');
  });

  it('logout-reason: says why WhatsApp has unlinked it', async () => {
    const linked = await fixture.link(await fixture.newHome());
    fixture.world.setFaults({ logoutReason: 'account_locked' }, owner);
    fixture.world.unlinkDevices(owner);
    expect(await linked.next('logged-out', { from: 0 })).toMatchObject({ reason: 'account_locked' });
  });

  it('media-id: sends a picture by the library', async () => {
    const { client } = await linkWithClient();
    const picture = new whatsapp.MessageMedia('image/png', 'iVBORw0KGgo=', 'raio-x.png');
    await client.sendMessage(anaId, picture, { caption: 'raio-x' });
    await expect
      .poll(() => fixture.world.received({ phone: ana }), soon)
      .toMatchObject([{ text: 'raio-x', media: { mimetype: 'image/png' } }]);
  });
});

describe('a page that lacks something', () => {
  it('refuses what needs it alone', async () => {
    fixture.world.setFaults({ missingModules: ['WAWebChatLoadMessages', 'WAWebDBMessageFindLocal'] });
    const linked = await fixture.link(await fixture.newHome());
    const { report } = await linked.next('capabilities', { from: 0 });
    const missing = Object.entries(report.capabilities).filter(([, { state }]) => state === 'missing');
    expect(missing.map(([name]) => name)).toEqual(['history']);
    const fetched = linked.session.fetchSince(anaId, { since: 0, atLeast: 1, atMost: 10 });
    await expect(fetched).rejects.toMatchObject({ outcome: 'refused' });
    await linked.session.sendText(anaId, 'vai assim mesmo');
    await expect.poll(() => fixture.world.received({ phone: ana }), soon).toMatchObject([{ text: 'vai assim mesmo' }]);
    expect(linked.count('died')).toBe(0);
  });

  it.each(['WAWebMsgKey', 'WAWebCollections', 'WAWebOfflineHandler', 'WAWebSocketModel'])(
    'ends the session with the name of what nothing works without: %s',
    async (name) => {
      fixture.world.setFaults({ missingModules: [name] });
      const starting = fixture.start(await fixture.newHome());
      const scanning = starting.next('qr', { from: 0 }).then(({ code }) => fixture.world.scan(owner, code));
      const died = await starting.next('died', { from: 0, timeoutMs: 40_000 });
      await scanning.catch(() => undefined);
      expect(died).toMatchObject({ cause: 'engine_incompatible' });
      expect(died.missing?.join()).toContain(name);
    },
  );
});
