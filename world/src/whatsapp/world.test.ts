import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWhatsAppWorld, type WhatsAppWorld } from './server.ts';
import { linkRawDevice, returnRawDevice, type RawDevice } from './test-support/raw-device.ts';

/** The world's rules, without a browser. */
const ana = '5511900000001';
const bruno = '5511900000002';
const soon = { timeout: 5000, interval: 10 };

let dir: string;
let world: WhatsAppWorld;
let clock: number | undefined;
const open: RawDevice[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'whatsapp-world-'));
  clock = undefined;
  world = await createWhatsAppWorld({ dir, now: () => clock ?? Date.now() });
  world.addPhone({ number: ana, name: 'Ana' });
  world.addPhone({ number: bruno, name: 'Bruno' });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((device) => device.close()));
  await world.close();
  await rm(dir, { recursive: true, force: true });
});

async function link(phone: string) {
  const device = await linkRawDevice(world, phone);
  open.push(device);
  return device;
}

function lastOf(phone: string, peer: string) {
  return world.messages({ phone, peer }).at(-1);
}

describe('a message', () => {
  it('is stored on both phones, with a time in whole seconds', () => {
    clock = 1_800_000_000_999;
    const sent = world.send({ from: bruno, to: ana, text: 'oi' });
    expect(sent).toMatchObject({ fromMe: true, peer: ana, t: 1_800_000_000, ack: 2 });
    expect(lastOf(ana, bruno)).toMatchObject({ id: sent.id, fromMe: false, peer: bruno, t: 1_800_000_000, text: 'oi' });
    expect(world.chats(ana)).toMatchObject([{ peer: bruno, title: 'Bruno', unread: 1 }]);
  });

  it('is sent once however often the same client id comes', () => {
    const one = world.send({ from: bruno, to: ana, text: 'oi', clientId: 'abc-1' });
    const two = world.send({ from: bruno, to: ana, text: 'oi', clientId: 'abc-1' });
    expect(two.seq).toBe(one.seq);
    expect(world.messages({ phone: ana, peer: bruno })).toHaveLength(1);
  });

  it('gets blue ticks at once from a phone that reads by itself', () => {
    world.changePhone(ana, { autoRead: true });
    expect(world.send({ from: bruno, to: ana, text: 'oi' }).ack).toBe(3);
    expect(world.phone(ana).unread).toBe(0);
  });

  it('waits for a phone that is off, which cannot have read it', () => {
    world.changePhone(ana, { online: false });
    world.send({ from: bruno, to: ana, text: 'oi' });
    expect(lastOf(bruno, ana)?.ack).toBe(1);
    world.changePhone(ana, { online: true });
    expect(lastOf(bruno, ana)?.ack).toBe(2);
    world.read(ana, bruno);
    expect(lastOf(bruno, ana)?.ack).toBe(3);
  });

  it('does not reach somebody who blocked its sender', () => {
    world.blockContact(ana, { number: bruno, blocked: true });
    expect(world.send({ from: bruno, to: ana, text: 'oi' }).ack).toBe(1);
    expect(world.chats(ana)).toEqual([]);
  });

  it('to oneself is one message', () => {
    expect(world.send({ from: ana, to: ana, text: 'lembrete' })).toMatchObject({ fromMe: true, ack: 3 });
    expect(world.messages({ phone: ana, peer: ana })).toHaveLength(1);
  });

  it('to a number without WhatsApp is refused', () => {
    expect(() => world.send({ from: ana, to: '5511999999999', text: 'oi' })).toThrow('nobody on WhatsApp');
  });

  it('can be edited for a quarter of an hour, by its sender alone', () => {
    clock = 1_800_000_000_000;
    const { id } = world.send({ from: bruno, to: ana, text: 'oi' });
    expect(() => world.edit({ phone: ana, peer: bruno, id, text: 'x' })).toThrow('Only its sender');
    clock += 16 * 60 * 1000;
    expect(() => world.edit({ phone: bruno, peer: ana, id, text: 'x' })).toThrow('15 minutes');
  });

  it('in a group has two ticks when the last phone has it', () => {
    const carla = world.addPhone({ number: '5511900000003', name: 'Carla' }).number;
    const group = world.createRoom({ kind: 'group', name: 'Nós', owner: ana, members: [bruno, carla] });
    world.changePhone(carla, { online: false });
    world.send({ from: ana, to: group.id, text: 'oi' });
    expect(lastOf(ana, group.id)?.ack).toBe(1);
    world.changePhone(carla, { online: true });
    expect(lastOf(ana, group.id)?.ack).toBe(2);
    expect(lastOf(bruno, group.id)).toMatchObject({ author: ana, fromMe: false });
  });
});

describe('a linked device', () => {
  it('is told of everything in order, and after a lost socket of what it had not confirmed', async () => {
    const device = await link(ana);
    world.send({ from: bruno, to: ana, text: 'um' });
    await vi.waitFor(() => expect(device.notes()).toHaveLength(1), soon);
    device.confirmAll();
    await vi.waitFor(() => expect(world.phone(ana).devices[0]?.waiting).toBe(0), soon);
    world.send({ from: bruno, to: ana, text: 'dois' });
    await device.close();
    world.send({ from: bruno, to: ana, text: 'três' });
    const back = await returnRawDevice(world, device.identity, true);
    open.splice(0, 1, back);
    await vi.waitFor(() => expect(back.notes()).toHaveLength(2), soon);
    expect(back.notes()).toMatchObject([{ message: { text: 'dois' } }, { message: { text: 'três' } }]);
  });

  it('is given a snapshot after a restart, and no notes of what is in it', async () => {
    const device = await link(ana);
    await device.close();
    world.send({ from: bruno, to: ana, text: 'oi' });
    const back = await returnRawDevice(world, device.identity, false);
    open.splice(0, 1, back);
    expect(back.frames[0]).toMatchObject({ t: 'sync', chats: [{ unread: 1, lastMessage: { text: 'oi' } }] });
    await back.request('presence', { available: true });
    expect(back.notes()).toEqual([]);
  });

  it('learns what another linked device of the same phone sends, but not what it sent itself', async () => {
    const one = await link(ana);
    const two = await link(ana);
    const send = {
      chat: `${bruno}@c.us`,
      type: 'chat',
      text: 'oi',
      t: 1,
      quoted: null,
      media: null,
      forwarded: false,
      extra: {},
    } as const;
    await one.request('send', { ...send, key: `true_${bruno}@c.us_3EB0AA` });
    await vi.waitFor(() => expect(two.notes().map((note) => note.type)).toEqual(['message', 'ack']), soon);
    await vi.waitFor(() => expect(one.notes().map((note) => note.type)).toEqual(['ack']), soon);
    const [reply, tick] = one.frames.slice(-2);
    expect([reply?.t, tick?.t]).toEqual(['reply', 'note']);
  });

  it('can do nothing more once it is unlinked', async () => {
    const device = await link(ana);
    world.unlinkDevices(ana);
    await vi.waitFor(() => expect(device.frames.at(-1)?.t).toBe('logged-out'), soon);
    expect(await device.request('history', { chat: `${bruno}@c.us`, before: null, limit: 10 })).toMatchObject({
      t: 'failure',
      status: 401,
    });
  });

  it('is one of four at most', async () => {
    for (let i = 0; i < 4; i += 1) await link(ana);
    await expect(link(ana)).rejects.toThrow('as many linked devices as it takes');
    world.setFaults({ mostDevices: 0 }, bruno);
    await expect(link(bruno)).rejects.toThrow('as many linked devices as it takes');
  });

  it('is refused what makes no sense, and the world goes on', async () => {
    const device = await link(ana);
    expect(await device.request('history', { chat: 'nonsense', before: null, limit: 10 })).toMatchObject({
      t: 'failure',
      status: 404,
    });
    expect(await device.requestAnything('history', { chat: 1, before: null, limit: 10 })).toMatchObject({
      t: 'failure',
      status: 400,
    });
    expect(await device.requestAnything('nothing', {})).toMatchObject({ t: 'failure', status: 400 });
  });
});

describe('the world', () => {
  it('carries hundreds of messages a second to many owners at once', async () => {
    const owners = Array.from({ length: 20 }, (_, i) => `55119111111${String(i).padStart(2, '0')}`);
    for (const number of owners) world.addPhone({ number, name: number });
    const devices = await Promise.all(owners.map((number) => link(number)));
    const started = performance.now();
    for (let i = 0; i < 1000; i += 1)
      world.send({ from: bruno, to: owners[i % owners.length] ?? '', text: `mensagem ${i}` });
    await vi.waitFor(() => expect(devices.map((device) => device.notes().length)).toEqual(owners.map(() => 50)), {
      timeout: 10_000,
      interval: 10,
    });
    expect(1000 / ((performance.now() - started) / 1000)).toBeGreaterThan(200);
  });

  it('keeps phones, devices and messages when its process is killed', async () => {
    await world.close();
    const script = `
      import { createWhatsAppWorld } from ${JSON.stringify(fileURLToPath(new URL('./server.ts', import.meta.url)))};
      import { linkRawDevice } from ${JSON.stringify(fileURLToPath(new URL('./test-support/raw-device.ts', import.meta.url)))};
      const world = await createWhatsAppWorld({ dir: ${JSON.stringify(dir)} });
      const device = await linkRawDevice(world, '${ana}');
      for (let i = 0; i < 300; i += 1) world.send({ from: '${bruno}', to: '${ana}', text: 'm' + i });
      console.log(JSON.stringify(device.identity));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line]: Buffer[] = await once(child.stdout, 'data');
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    world = await createWhatsAppWorld({ dir });
    expect(world.messages({ phone: ana, peer: bruno, limit: 1000 })).toHaveLength(300);
    expect(world.phone(ana)).toMatchObject({ unread: 300, devices: [{ connected: false, waiting: 300 }] });
    const back = await returnRawDevice(world, JSON.parse(String(line)), true);
    open.push(back);
    await vi.waitFor(() => expect(back.notes()).toHaveLength(300), soon);
  });

  it('keeps its certificate, whose key nobody else may read, from one run to the next', async () => {
    const { spki, chromiumArgs } = world;
    expect(chromiumArgs[1]).toBe(`--ignore-certificate-errors-spki-list=${spki}`);
    await world.close();
    world = await createWhatsAppWorld({ dir });
    expect(world.spki).toBe(spki);
    expect((await stat(join(dir, 'web.whatsapp.com.key.pem'))).mode & 0o077).toBe(0);
  });

  it('undoes everything of a change that fails half way', () => {
    const messages = [
      { fromMe: true, text: 'a', t: 1 },
      { fromMe: true, text: 'b', t: Number.NaN },
    ];
    expect(() => world.addHistory({ phone: ana, peer: bruno, messages })).toThrow('NOT NULL');
    expect(world.messages({ phone: ana, peer: bruno })).toEqual([]);
    expect(world.events({ phone: ana }).some((event) => event.kind === 'message')).toBe(false);
    expect(world.send({ from: ana, to: bruno, text: 'depois' }).text).toBe('depois');
  });
});
