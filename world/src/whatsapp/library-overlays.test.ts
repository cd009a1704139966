import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WhatsAppWorld } from './server.ts';
import type { LaunchedClient } from './test-support/launch-client.ts';
import { customer, customerId, linkOwner, other, owner, soon, type LinkedOwner } from './test-support/linked-owner.ts';
import { pageMessage } from './test-support/page-messages.ts';
import { linkRawDevice } from './test-support/raw-device.ts';

/** Nobody has written from here, so the chat carries no token. */
const stranger = '5511900000050';

let linked: LinkedOwner;
let world: WhatsAppWorld;
let session: LaunchedClient;
beforeAll(async () => {
  linked = await linkOwner();
  ({ world, session } = linked);
  world.addPhone({ number: stranger, name: 'Estranho' });
  await linked.ask('já nos conhecemos');
}, 120_000);
afterEach(() => {
  for (const phone of [owner, stranger]) world.clearFaults(phone);
  world.clearFaults();
});
afterAll(() => linked.close());

async function value(expression: string): Promise<unknown> {
  return session.client.pupPage?.evaluate(`(() => (${expression}))()`);
}

const pref = (key: string) =>
  value(`window.require('WAWebUserPrefsIndexedDBStorage').userPrefsIdb.get('${key}') ?? null`);
const canSend = (id: string) => value(`window.require('WAWebCollections').Chat.get('${id}').canSend`);

async function sentTo(number: string, text: string): Promise<Record<string, unknown> | undefined> {
  await session.client.sendMessage(`${number}@c.us`, text);
  const { id } = world.messages({ phone: owner, peer: number }).at(-1) ?? {};
  return id === undefined ? undefined : pageMessage(session.client, id);
}

/** What the page's own collection has of the newest message with this text. */
async function lastOnPage(text: string): Promise<unknown> {
  return value(`(({ ack, isSendFailure, errorCode }) => ({ ack, isSendFailure, errorCode }))(
    window.require('WAWebCollections').Msg.getModelsArray().findLast((message) => message.body === ${JSON.stringify(text)}))`);
}

describe('the reach-out time lock', () => {
  it('is a preference of the page, as long as it lasts', async () => {
    const before = Date.now();
    world.setFaults({ reachoutTimelock: { type: 'BIZ_QUALITY', endsInMs: 3_600_000 } }, owner);
    await vi.waitFor(async () => {
      expect(await pref('WAReachoutTimelockState')).toMatchObject({
        state: 'VISIBLE',
        enforcement_type: 'BIZ_QUALITY',
      });
    }, soon);
    expect(await pref('WAReachoutTimelockState')).toHaveProperty('time_enforcement_ends', expect.any(Number));
    expect(
      await value(`window.require('WAWebUserPrefsIndexedDBStorage').userPrefsIdb.get('WAReachoutTimelockState')
        .time_enforcement_ends >= ${before + 3_600_000}`),
    ).toBe(true);
    expect(await value(`window.require('WAWebReachoutTimelockUtils').isUserReachoutTimelocked()`)).toBe(true);
    world.clearFaults(owner);
    await vi.waitFor(async () => expect(await pref('WAReachoutTimelockState')).toBeNull(), soon);
  });

  it('refuses messages to people who have not written, without a code, and lets the others through', async () => {
    await session.client.getChatById(`${stranger}@c.us`);
    world.setFaults({ reachoutTimelock: { type: 'DEFAULT', endsInMs: null } }, owner);
    await vi.waitFor(async () => expect(await canSend(`${stranger}@c.us`)).toBe(false), soon);
    expect(await canSend(customerId)).toBe(true);
    await session.client.sendMessage(`${stranger}@c.us`, 'posso ajudar?');
    await vi.waitFor(async () => {
      expect(await lastOnPage('posso ajudar?')).toEqual({ ack: -1, isSendFailure: true });
    }, soon);
    expect(world.received({ phone: stranger, limit: 100 })).toEqual([]);
    expect(session.log).toContain('message_ack');
    expect(await sentTo(customer, 'pode vir')).toMatchObject({ body: 'pode vir' });
  });

  it('lifts itself when its time is over', async () => {
    world.setFaults({ reachoutTimelock: { type: 'DEFAULT', endsInMs: 400 } }, owner);
    await vi.waitFor(async () => expect(await pref('WAReachoutTimelockState')).not.toBeNull(), soon);
    await vi.waitFor(async () => expect(await pref('WAReachoutTimelockState')).toBeNull(), soon);
    await sentTo(stranger, 'agora sim');
    await vi.waitFor(
      () => expect(world.received({ phone: stranger, limit: 100 })).toMatchObject([{ text: 'agora sim' }]),
      soon,
    );
  });
});

describe('the quota of new conversations', () => {
  it('warns without forbidding anything', async () => {
    world.setFaults({ newChatCap: { status: 'FIRST_WARNING', total: 50, used: 40, endsInMs: 86_400_000 } }, owner);
    await vi.waitFor(async () => {
      expect(await pref('WANewChatMessageCappingData')).toMatchObject({
        capping_status: 'FIRST_WARNING',
        total_quota: 50,
        used_quota: 40,
      });
    }, soon);
    const utils = `window.require('WAWebIndividualNewChatMessageCappingLimitUtils')`;
    expect(await value(`${utils}.isUserWarned()`)).toBe(true);
    expect(await value(`${utils}.isUserCapped()`)).toBe(false);
    expect(await canSend(`${stranger}@c.us`)).toBe(true);
  });

  it('refuses new conversations with a code once it is used up', async () => {
    world.setFaults({ newChatCap: { status: 'CAPPED', total: 50, used: 50, endsInMs: 86_400_000 } }, owner);
    await vi.waitFor(async () => expect(await canSend(`${stranger}@c.us`)).toBe(false), soon);
    await session.client.sendMessage(`${stranger}@c.us`, 'mais um');
    await vi.waitFor(async () => {
      expect(await lastOnPage('mais um')).toEqual({ ack: -1, isSendFailure: true, errorCode: 2 });
    }, soon);
    expect(world.received({ phone: stranger, limit: 100 }).map(({ text }) => text)).not.toContain('mais um');
  });
});

describe('“What’s new”', () => {
  const button = '[data-testid="whats_new_continue_button"]';

  it('covers the page until somebody closes it, and comes no more', async () => {
    world.setFaults({ whatsNew: true }, owner);
    const page = session.client.pupPage;
    await page?.waitForSelector(button, soon);
    expect(await value(`document.querySelector('[role=dialog] h1').textContent`)).toBe('What’s new');
    const covered = `document.elementFromPoint(innerWidth / 2, 4).dataset.testid`;
    expect(await value(covered)).toBe('confirm-popup-overlay');
    await page?.click(button);
    expect(await value(`document.querySelector('[role=dialog]')`)).toBeNull();
    world.setFaults({ whatsNew: false }, owner);
    world.setFaults({ whatsNew: true }, owner);
    expect((await linked.ask('ainda há tempo')).body).toBe('ainda há tempo');
    expect(await value(`document.querySelector('${button}')`)).toBeNull();
  });

  it('comes again after the cool-off, and is closed by its other button too', async () => {
    await value(`localStorage.setItem('whats-new-dismissed-at', String(Date.now() - 31 * 86400000))`);
    world.setFaults({ whatsNew: true }, owner);
    await session.client.pupPage?.waitForSelector(button, soon);
    await session.client.pupPage?.click('[role=dialog] [aria-label=Close]');
    expect(await value(`Number(localStorage.getItem('whats-new-dismissed-at')) > Date.now() - 60000`)).toBe(true);
  });
});

describe('people', () => {
  it('may have a user name and no number that anybody is told', async () => {
    world.setFaults({ username: 'estranho.1', numberUnknown: true }, stranger);
    const { id } = world.send({ from: stranger, to: owner, text: 'oi, sou eu' });
    await vi.waitFor(async () => expect(await pageMessage(session.client, id)).toBeDefined(), soon);
    const message = await pageMessage(session.client, id);
    expect(message?.key).toMatch(/^false_\d+@lid_/);
    const [lid = ''] = /\d+@lid/.exec(String(message?.key)) ?? [];
    expect(
      await value(`(({ username, phoneNumber }) => ({ username, phoneNumber: phoneNumber ?? null }))(
        window.require('WAWebCollections').Contact.get('${lid}'))`),
    ).toEqual({ username: 'estranho.1', phoneNumber: null });
  });
});

describe('the page', () => {
  it('says that a newer one is there', async () => {
    world.setFaults({ needsUpdate: true }, owner);
    await vi.waitFor(async () => {
      expect(await value(`window.require('WAWebStreamModel').Stream.needsUpdate`)).toBe(true);
    }, soon);
  });

  it('loads itself anew, and the link stays', async () => {
    await value(`(window.before = true)`);
    world.setFaults({ scheduledReloadMs: 300, revokeAfterStatusRead: true }, owner);
    await vi.waitFor(async () => expect(await value(`window.before ?? 'gone'`)).toBe('gone'), soon);
    world.clearFaults(owner);
    await vi.waitFor(() => expect(world.phone(owner).devices).toMatchObject([{ connected: true }]), soon);
  });

  it('can’t be reached at all, and then again', async () => {
    world.setFaults({ unreachable: true });
    await vi.waitFor(() => expect(world.phone(owner).devices).toMatchObject([{ connected: false }]), soon);
    await expect(fetch(world.endpoint)).rejects.toThrow('fetch failed');
    world.clearFaults();
    await vi.waitFor(() => expect(world.phone(owner).devices).toMatchObject([{ connected: true }]), {
      timeout: 20_000,
    });
  });
});

describe('a device', () => {
  /** Unlinked, and asking to be linked anew: only then is the library at rest. */
  async function unlinked(): Promise<void> {
    await vi.waitFor(() => expect(world.phone(owner).devices).toEqual([]), soon);
    const asked = session.qrs.length;
    await vi.waitFor(() => expect(session.qrs.length).toBeGreaterThan(asked), soon);
  }

  it('is unlinked at the scheduled reload if it has read the status of others, with WhatsApp’s word for why', async () => {
    // The page was loaded anew meanwhile, and the library is put into each document again.
    await vi.waitFor(async () => expect(await value(`typeof window.WWebJS`)).toBe('object'), { timeout: 30_000 });
    await value(`(() => {
      const reasons = window.require('WAWebLogoutReason');
      const ask = reasons.getErrorCodeFromLogoutReason;
      reasons.getErrorCodeFromLogoutReason = (reason) => { localStorage.setItem('heard', reason); return ask(reason); };
    })()`);
    world.saveContact(other, { number: owner, name: 'Ana' });
    world.send({ from: other, to: 'status@broadcast', text: 'na praia' });
    const status = await session.client.getChatById('status@broadcast');
    expect((await status.fetchMessages({ limit: 5 })).map(({ body }) => body)).toContain('na praia');
    const before = world.lastEvent();
    world.setFaults(
      { logoutReason: 'history_sync_timeout', revokeAfterStatusRead: true, scheduledReloadMs: 200 },
      owner,
    );
    await vi.waitFor(() => expect(session.log).toContain('disconnected LOGOUT'), soon);
    await unlinked();
    await vi.waitFor(
      async () => expect(await value(`localStorage.getItem('heard')`)).toBe('history_sync_timeout'),
      soon,
    );
    expect(world.events({ after: before }).find(({ kind }) => kind === 'unlinked')).toMatchObject({
      data: { why: 'it had read the status' },
    });
  });

  it('is unlinked when it looks people up while it syncs, and no later', async () => {
    world.setFaults({ flushDuringSync: true }, stranger);
    const patient = await linkRawDevice(world, stranger);
    await patient.request('introduce', { os: 'Linux', browser: 'Chrome' });
    expect(await patient.request('exists', { id: customerId })).toMatchObject({ t: 'reply' });
    expect(world.phone(stranger).devices).toHaveLength(1);
    const hasty = await linkRawDevice(world, stranger);
    await hasty.request('exists', { id: customerId });
    await vi.waitFor(() => expect(hasty.frames).toContainEqual({ t: 'logged-out' }), soon);
    expect(world.phone(stranger).devices).toHaveLength(1);
    await Promise.all([patient.close(), hasty.close()]);
  });
});
