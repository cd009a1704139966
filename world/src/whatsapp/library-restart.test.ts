import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { lastBuildOfTheLibrary } from './page-builds.ts';
import { createWhatsAppWorld, type WhatsAppWorld } from './server.ts';
import {
  cleanUp,
  launchClient,
  newProfile,
  type LaunchedClient,
  type LaunchOptions,
} from './test-support/launch-client.ts';

/** What happens at the start, the end and in between of a session, each with a browser of its own. */
const customer = '5521900000002';
const soon = { timeout: 10_000, interval: 15 };

let dir: string;
let world: WhatsAppWorld;
let owners = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'whatsapp-world-'));
  world = await createWhatsAppWorld({ dir, page: { build: lastBuildOfTheLibrary } });
  world.addPhone({ number: customer, name: 'Beatriz' });
});

afterEach(async () => {
  world.clearFaults();
  await cleanUp();
});

afterAll(async () => {
  await world.close();
  await rm(dir, { recursive: true, force: true });
});

function newOwner(): string {
  owners += 1;
  const number = `55219100000${String(owners).padStart(2, '0')}`;
  world.addPhone({ number, name: `Dono ${owners}` });
  return number;
}

function launch(options: Omit<LaunchOptions, 'world'> = {}): Promise<LaunchedClient> {
  return launchClient({ world, ...options });
}

function sees(session: LaunchedClient, name: string, from = 0): Promise<void> {
  return vi.waitFor(() => expect(session.log.slice(from)).toContain(name), soon);
}

async function link(session: LaunchedClient, owner: string, from = 0): Promise<void> {
  await sees(session, 'qr', from);
  world.scan(owner, session.qrs.at(-1) ?? '');
  await sees(session, 'ready', from);
}

describe('linking', () => {
  it('shows a new QR code in place of an expired one, and idles in the end until it is asked again', async () => {
    world.setFaults({ refMs: 150, refsBeforeIdle: 3 });
    const session = await launch();
    const owner = newOwner();
    await vi.waitFor(() => expect(session.qrs.length).toBeGreaterThan(1), soon);
    const [expired = ''] = session.qrs;
    expect(() => world.scan(owner, expired)).toThrow('This QR code has expired');
    const state = () => session.client.getState();
    await vi.waitFor(async () => expect(await state()).toBe('UNPAIRED_IDLE'), soon);
    expect(() => world.scan(owner, session.qrs.at(-1) ?? '')).toThrow('expired');
    world.clearFaults();
    await session.client.pupPage?.evaluate(`require('WAWebLaunchSocketUtils').refreshQR()`);
    await vi.waitFor(async () => expect(await state()).toBe('UNPAIRED'), soon);
    await link(session, owner);
  });

  it('refuses a QR code that is not its own, or that was tampered with', async () => {
    const session = await launch();
    const owner = newOwner();
    await sees(session, 'qr');
    const [qr = ''] = session.qrs;
    expect(() => world.scan(owner, 'https://example.com')).toThrow('not a QR code of WhatsApp Web');
    expect(() => world.scan(owner, qr.replace('2@', '3@'))).toThrow('does not know this QR code');
    const [ref = '', , ...rest] = qr.split(',');
    expect(() => world.scan(owner, [ref, 'AAAA', ...rest].join(','))).toThrow('keys in this QR code');
    expect(() => world.scan('5500000000000', qr)).toThrow('has no WhatsApp');
  });

  it('works with a pairing code', async () => {
    const owner = newOwner();
    const session = await launch();
    await sees(session, 'qr');
    const code = await session.client.requestPairingCode(owner);
    expect(code).toMatch(/^[1-9A-Z]{8}$/);
    expect(() => world.enterPairingCode(newOwner(), code)).toThrow('wrong for this phone');
    expect(() => world.enterPairingCode(owner, 'AAAA-AAAA')).toThrow('wrong for this phone');
    world.enterPairingCode(owner, `${code.slice(0, 4)}-${code.slice(4).toLowerCase()}`);
    await sees(session, 'ready');
  });

  it('is refused where a passkey is demanded, which this browser has not', async () => {
    const owner = newOwner();
    world.setFaults({ passkeyAtLinking: true }, owner);
    const session = await launch();
    await sees(session, 'qr');
    world.setFaults({ passkeyContinue: false }, owner);
    world.scan(owner, session.qrs.at(-1) ?? '');
    await vi.waitFor(() => {
      const refusal = world.events({ phone: owner }).find(({ kind }) => kind === 'link-refused');
      expect(refusal?.data['why']).toMatch(/^Not(?:Supported|Allowed)Error$/);
    }, soon);
    expect(world.phone(owner).devices).toEqual([]);
    expect(session.log).not.toContain('authenticated');
  });
});

describe('starting', () => {
  it('needs no QR code again, and says nothing of what came meanwhile', async () => {
    const owner = newOwner();
    const first = await launch();
    await link(first, owner);
    await first.close();
    await vi.waitFor(() => expect(world.phone(owner).devices[0]?.connected).toBe(false), soon);
    world.send({ from: customer, to: owner, text: 'enquanto fora' });
    const second = await launch({ profile: first.profile });
    await sees(second, 'ready');
    expect(second.log).not.toContain('qr');
    const chat = await second.client.getChatById(`${customer}@c.us`);
    expect(chat.unreadCount).toBe(1);
    expect((await chat.fetchMessages({ limit: 10 })).map((message) => message.body)).toEqual(['enquanto fora']);
    expect(second.messages).toEqual([]);
  });

  it('never becomes ready when it syncs before the library listens', async () => {
    const owner = newOwner();
    const first = await launch();
    await link(first, owner);
    await first.close();
    world.setFaults({ fastSync: true }, owner);
    const second = await launch({ profile: first.profile });
    const synced = `require('WAWebSocketModel').Socket.hasSynced && require('WAWebSocketModel').Socket.state`;
    await vi.waitFor(async () => expect(await second.client.pupPage?.evaluate(synced)).toBe('CONNECTED'), soon);
    expect(second.log).toEqual([]);
    await second.client.pupPage?.evaluate('window.onAppStateHasSyncedEvent()');
    await sees(second, 'ready');
  });

  it('gives up on a page that boots too slowly', async () => {
    world.setFaults({ slowBootMs: 5000 });
    const session = await launch({ options: { authTimeoutMs: 600 }, background: true });
    await vi.waitFor(() => expect(session.log).toContain('initialize failed: auth timeout'), soon);
  });

  it('resumes from a copy of the profile, and the world notices a copy that is too old', async () => {
    const owner = newOwner();
    const first = await launch();
    await link(first, owner);
    await first.close();
    const old = await newProfile();
    await cp(first.profile, old, { recursive: true });
    const second = await launch({ profile: first.profile });
    await sees(second, 'ready');
    for (const text of ['um', 'dois', 'três']) world.send({ from: customer, to: owner, text });
    await vi.waitFor(() => expect(second.messages).toHaveLength(3), soon);
    await vi.waitFor(() => expect(world.phone(owner).devices[0]?.waiting).toBe(0), soon);
    await second.close();
    const before = world.lastEvent();
    const third = await launch({ profile: old });
    await sees(third, 'ready');
    const rewound = world.events({ after: before, phone: owner }).filter((event) => event.kind === 'device-rewound');
    expect(rewound).toMatchObject([{ data: { behind: expect.any(Number) } }]);
  });
});

describe('ending', () => {
  it('hears of a logout on the phone, shows a new QR code, and can be linked again', async () => {
    const owner = newOwner();
    const session = await launch();
    await link(session, owner);
    const before = session.log.length;
    expect(world.unlinkDevices(owner)).toBe(1);
    await sees(session, 'disconnected LOGOUT', before);
    await link(session, owner, before);
    world.send({ from: customer, to: owner, text: 'de novo' });
    await vi.waitFor(() => expect(session.messages.map((message) => message.body)).toEqual(['de novo']), soon);
  });

  it('closes its browser before WhatsApp hears that it logs itself out, so that the phone goes on showing it', async () => {
    const owner = newOwner();
    const session = await launch();
    await link(session, owner);
    await session.client.logout();
    await vi.waitFor(() => expect(world.phone(owner).devices).toMatchObject([{ connected: false }]), soon);
  });

  it('is forgotten by the phone when the page lives on after a logout', async () => {
    const owner = newOwner();
    const session = await launch();
    await link(session, owner);
    const before = session.log.length;
    await session.client.pupPage?.evaluate("void window.require('WAWebSocketModel').Socket.logout()");
    await vi.waitFor(() => expect(world.phone(owner).devices).toEqual([]), soon);
    await sees(session, 'disconnected LOGOUT', before);
    await link(session, owner, before);
  });

  it('finds itself unlinked at the next start', async () => {
    const owner = newOwner();
    const first = await launch();
    await link(first, owner);
    await first.close();
    world.unlinkDevices(owner);
    const second = await launch({ profile: first.profile });
    await link(second, owner);
    await second.close();
    world.unlinkDevices(owner);
    world.setFaults({ staleSession: 'reload' });
    const third = await launch({ profile: first.profile, background: true });
    await vi.waitFor(
      () => expect(third.log.some((entry) => /qr|Execution context was destroyed/.test(entry))).toBe(true),
      soon,
    );
  });

  it('hears that another browser took its place', async () => {
    const owner = newOwner();
    const first = await launch();
    await link(first, owner);
    const copy = await newProfile();
    await cp(first.profile, copy, { recursive: true });
    const second = await launch({ profile: copy });
    await sees(second, 'ready');
    await sees(first, 'disconnected CONFLICT');
    world.send({ from: customer, to: owner, text: 'quem recebe?' });
    await vi.waitFor(() => expect(second.messages).toHaveLength(1), soon);
    expect(first.messages).toEqual([]);
  });

  it('dies without a word from the library when its page crashes', async () => {
    const owner = newOwner();
    const session = await launch();
    await link(session, owner);
    const crashed = new Promise((resolve) => session.client.pupPage?.once('error', resolve));
    const before = session.log.length;
    world.act(owner, { action: 'crash-renderer' });
    await expect(crashed).resolves.toMatchObject({ message: 'Page crashed!' });
    expect(session.log.slice(before)).toEqual([]);
    await vi.waitFor(() => expect(world.phone(owner).devices[0]?.connected).toBe(false), soon);
  });

  it('sends what was not sent yet when it starts again after being killed', async () => {
    const owner = newOwner();
    const first = await launch();
    await link(first, owner);
    world.send({ from: customer, to: owner, text: 'oi' });
    await vi.waitFor(() => expect(first.messages).toHaveLength(1), soon);
    world.setFaults({ dropSends: true }, owner);
    await first.client.sendMessage(`${customer}@c.us`, 'antes da queda');
    await first.client.getState();
    first.client.pupBrowser?.process()?.kill('SIGKILL');
    await vi.waitFor(() => expect(world.phone(owner).devices[0]?.connected).toBe(false), soon);
    world.clearFaults(owner);
    await first.close();
    const second = await launch({ profile: first.profile });
    await sees(second, 'ready');
    const texts = () => world.received({ phone: customer, limit: 1000 }).map((message) => message.text);
    await vi.waitFor(() => expect(texts()).toContain('antes da queda'), soon);
    const chat = await second.client.getChatById(`${customer}@c.us`);
    const bodies = async () => (await chat.fetchMessages({ limit: 10 })).map((message) => message.body);
    await vi.waitFor(async () => expect(await bodies()).toContain('antes da queda'), soon);
  });
});
