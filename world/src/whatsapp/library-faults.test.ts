import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WhatsAppWorld } from './server.ts';
import type { LaunchedClient } from './test-support/launch-client.ts';
import { customer, customerId, linkOwner, owner, soon, type LinkedOwner } from './test-support/linked-owner.ts';
import { idText } from './page/ids.ts';

/** Faults that a linked session survives, seen through the library. */

let linked: LinkedOwner;
let session: LaunchedClient;
let world: WhatsAppWorld;

beforeAll(async () => {
  linked = await linkOwner();
  ({ session, world } = linked);
}, 60_000);

afterAll(() => linked.close());

describe('faults', () => {
  it('announces the same message twice', async () => {
    world.setFaults({ announceTwice: true }, owner);
    await linked.ask('eco');
    await vi.waitFor(() => expect(session.messages.filter((message) => message.body === 'eco')).toHaveLength(2), soon);
    world.clearFaults(owner);
    const [one, two] = session.messages.filter((message) => message.body === 'eco');
    expect(one?.id).toEqual(two?.id);
  });

  it('delivers messages in another order', async () => {
    world.setFaults({ reorder: 3 }, owner);
    // The library sorts by time in whole seconds, and shuffles what shares one.
    const t = Math.floor(Date.now() / 1000);
    for (const [i, text] of ['um', 'dois', 'três'].entries())
      world.send({ from: customer, to: owner, text, t: t + 1 + i });
    await linked.next('um');
    world.clearFaults(owner);
    expect(session.messages.slice(-3).map((message) => message.body)).toEqual(['três', 'dois', 'um']);
    const chat = await session.client.getChatById(customerId);
    const last = await chat.fetchMessages({ limit: 3 });
    expect(last.map((message) => message.body)).toEqual(['um', 'dois', 'três']);
  });

  it('keeps ticks back although the message arrives', async () => {
    world.setFaults({ maxAck: 1 }, owner);
    const sent = await session.client.sendMessage(customerId, 'sem segundo tique');
    await vi.waitFor(
      () => expect(world.received({ phone: customer, limit: 1000 }).at(-1)?.text).toBe('sem segundo tique'),
      soon,
    );
    const later = await linked.ask('depois do tique');
    world.clearFaults(owner);
    expect(later.body).toBe('depois do tique');
    expect(linked.acksOf(sent.id.id)).toEqual([1]);
  });

  it('gives no tick at all although the message arrives, and makes up for it after a reconnection', async () => {
    world.setFaults({ maxAck: 0 }, owner);
    const sent = await session.client.sendMessage(customerId, 'sem tique nenhum');
    const copies = () =>
      world.received({ phone: customer, limit: 1000 }).filter((copy) => copy.text === 'sem tique nenhum');
    await vi.waitFor(() => expect(copies()).toHaveLength(1), soon);
    await linked.ask('depois de nenhum tique');
    expect(linked.acksOf(sent.id.id)).toEqual([]);
    await vi.waitFor(() => expect(world.phone(owner).devices[0]?.waiting).toBe(0), soon);
    world.clearFaults(owner);
    world.act(owner, { action: 'drop-socket', downMs: 0 });
    await vi.waitFor(() => expect(linked.acksOf(sent.id.id)).toEqual([1]), soon);
    expect(copies()).toHaveLength(1);
  });

  it('loses what is sent, until it is sent again after a reconnection', async () => {
    world.setFaults({ dropSends: true }, owner);
    const sent = await session.client.sendMessage(customerId, 'perdida');
    await linked.ask('depois da perdida');
    expect(linked.acksOf(sent.id.id)).toEqual([]);
    expect(world.received({ phone: customer, limit: 1000 }).map((message) => message.text)).not.toContain('perdida');
    world.clearFaults(owner);
    world.act(owner, { action: 'drop-socket', downMs: 0 });
    await vi.waitFor(() => expect(linked.acksOf(sent.id.id)).toEqual([1, 2]), soon);
    const arrived = world.received({ phone: customer, limit: 1000 }).filter((message) => message.text === 'perdida');
    expect(arrived).toHaveLength(1);
  });

  it('drops the socket and announces what came meanwhile on its return', async () => {
    const before = session.log.length;
    world.act(owner, { action: 'drop-socket', downMs: 400 });
    world.send({ from: customer, to: owner, text: 'durante a queda' });
    await linked.next('durante a queda');
    expect(session.log.slice(before)).toContain('change_state OPENING');
    expect(session.log.slice(before)).toContain('change_state CONNECTED');
  });

  it('drops the socket and never announces what came meanwhile', async () => {
    world.setFaults({ silentCatchUp: true }, owner);
    const before = session.log.length;
    world.act(owner, { action: 'drop-socket', downMs: 400 });
    world.send({ from: customer, to: owner, text: 'em silêncio' });
    await vi.waitFor(() => expect(session.log.slice(before)).toContain('change_state OPENING'), soon);
    await vi.waitFor(() => expect(session.log.slice(before)).toContain('change_state CONNECTED'), soon);
    await linked.ask('com aviso');
    world.clearFaults(owner);
    expect(session.messages.map((message) => message.body)).not.toContain('em silêncio');
    const chat = await session.client.getChatById(customerId);
    // More than there are: what it trims away of messages of one second is chance.
    expect((await chat.fetchMessages({ limit: 50 })).map((message) => message.body)).toContain('em silêncio');
  });

  it('knows people by their hidden id', async () => {
    const hidden = world.addPhone({ number: '5511900000009', name: 'Oculta', addressing: 'lid' });
    world.send({ from: hidden.number, to: owner, text: 'quem sou' });
    const message = await linked.next('quem sou');
    expect(message.from).toBe(hidden.lid);
    expect(await message.getContact()).toMatchObject({ number: hidden.number, id: { _serialized: hidden.pn } });
    const [ids] = await session.client.getContactLidAndPhone([message.from]);
    expect(ids).toEqual({ lid: hidden.lid, pn: hidden.pn });
    await message.reply('sei quem é');
    await vi.waitFor(() => expect(world.received({ phone: hidden.number }).at(-1)?.text).toBe('sei quem é'), soon);
  });

  it('changes a chat from phone number to hidden id', async () => {
    const moving = world.addPhone({ number: '5511900000008', name: 'Muda' });
    world.send({ from: moving.number, to: owner, text: 'antes' });
    expect((await linked.next('antes')).from).toBe(moving.pn);
    world.act(owner, { action: 'migrate-to-lid', peer: moving.number });
    world.send({ from: moving.number, to: owner, text: 'depois' });
    expect((await linked.next('depois')).from).toBe(moving.lid);
    const chats = (await session.client.getChats()).filter((chat) => chat.name === 'Muda');
    expect(chats.map((chat) => idText(chat.id))).toEqual([moving.lid]);
    const byNumber = await session.client.getChatById(moving.pn);
    expect((await byNumber.fetchMessages({ limit: 10 })).map((message) => message.body)).toEqual(['antes', 'depois']);
  });

  it('needs a number to be looked up before it can be written to', async () => {
    const stranger = world.addPhone({ number: '5511900000007', name: 'Nova' });
    world.setFaults({ requireLidLookup: true }, owner);
    const before = session.log.length;
    world.act(owner, { action: 'drop-socket', downMs: 0 });
    await vi.waitFor(() => expect(session.log.slice(before)).toContain('change_state CONNECTED'), soon);
    const refused = () => session.client.sendMessage(stranger.pn, 'oi');
    await expect(refused()).rejects.toThrow('No LID for user');
    expect(await session.client.getNumberId(stranger.number)).toMatchObject({ _serialized: stranger.pn });
    expect(await refused()).toMatchObject({ body: 'oi' });
    world.clearFaults(owner);
  });

  it('navigates within the document, after which the library announces everything more than once', async () => {
    await vi.waitFor(() => expect(world.act(owner, { action: 'same-document-navigation' })).toBe(1), soon);
    await vi.waitFor(() => expect(session.client.pupPage?.url()).toContain('panel'), soon);
    // The library injects itself again in its own time; from then on a sync is heard twice.
    await vi.waitFor(
      async () => {
        const start = session.log.length;
        world.act(owner, { action: 'drop-socket', downMs: 0 });
        const heard = () => session.log.slice(start).filter((name) => name === 'ready').length;
        await vi.waitFor(() => expect(heard()).toBeGreaterThan(1), { timeout: 3_000, interval: 15 });
      },
      { timeout: 25_000 },
    );
  });

  it('reloads the page, after which the library is ready again without a QR code', async () => {
    const before = session.log.length;
    world.act(owner, { action: 'reload' });
    await vi.waitFor(() => expect(session.log.slice(before)).toContain('ready'), soon);
    expect(session.log.slice(before)).not.toContain('qr');
    await linked.ask('depois do recarregamento');
  });
});

describe('the page', () => {
  it('was never asked for a module that it lacks, and never failed', () => {
    expect(world.missingModules()).toEqual([]);
    expect(world.events({ limit: 10_000 }).filter((event) => event.kind === 'page-error')).toEqual([]);
  });
});
