import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import whatsapp, { type Reaction } from 'whatsapp-web.js';
import { membersNotProvided, modulesNotProvided } from './modules-not-provided.ts';
import { createWhatsAppWorld, type WhatsAppWorld } from './server.ts';
import { cleanUp, launchClient, type LaunchedClient, type Message } from './test-support/launch-client.ts';
import { idText } from './page/ids.ts';
import { absentMembers, missingModules, providedModules } from './test-support/page-modules.ts';
import { readLibraryRequests } from './test-support/library-requests.ts';

/** The unmodified library in real Chromium, linked to one owner's phone for the whole file. */
const owner = '5511900000001';
const customer = '5511900000002';
const other = '5511900000003';
const customerId = `${customer}@c.us`;
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let dir: string;
let world: WhatsAppWorld;
let linked: LaunchedClient;

const soon = { timeout: 8000, interval: 15 };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'whatsapp-world-'));
  world = await createWhatsAppWorld({ dir });
  world.addPhone({ number: owner, name: 'Clínica Ana' });
  world.addPhone({ number: customer, name: 'Bruno' });
  world.addPhone({ number: other, name: 'Carla' });
  world.saveContact(owner, { number: customer, name: 'Bruno Paciente' });
  const start = Math.floor(Date.now() / 1000) - 100_000;
  const messages = Array.from({ length: 1200 }, (_, i) => ({ fromMe: i % 3 === 0, text: `antiga ${i}`, t: start + i }));
  world.addHistory({ phone: owner, peer: other, messages });
  linked = await launchClient({ world });
  await until(() => linked.qrs.length > 0);
  world.scan(owner, linked.qrs.at(-1) ?? '');
  await until(() => linked.log.includes('ready'));
}, 60_000);

afterAll(async () => {
  await cleanUp();
  await world.close();
  await rm(dir, { recursive: true, force: true });
});

async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(() => {
    if (!condition()) throw new Error(`Not yet. So far: ${linked.log.join(', ')}`);
  }, soon);
}

async function next(text: string): Promise<Message> {
  return vi.waitFor(() => {
    const message = linked.messages.find((candidate) => candidate.body === text);
    if (message === undefined) throw new Error(`"${text}" has not arrived`);
    return message;
  }, soon);
}

async function ask(text: string): Promise<Message> {
  world.send({ from: customer, to: owner, text });
  return next(text);
}

function lastSentByCustomer() {
  return world.messages({ phone: customer, peer: owner }).at(-1);
}

function chatWithCustomer() {
  return world.chats(owner).find((chat) => chat.peer === customer);
}

function acksOf(id: string): number[] {
  return acks.filter((ack) => ack.id === id).map((ack) => ack.ack);
}
const acks: { id: string; ack: number }[] = [];

describe('linking', () => {
  it('goes from QR code over loading screen and authenticated to ready', () => {
    expect(linked.log.filter((name) => name !== 'qr').slice(0, 5)).toEqual([
      'loading_screen 25',
      'loading_screen 75',
      'loading_screen 100',
      'authenticated',
      'ready',
    ]);
    expect(linked.client.info).toMatchObject({ pushname: 'Clínica Ana', wid: { _serialized: `${owner}@c.us` } });
  });

  it('shows the linked device on the phone', async () => {
    await vi.waitFor(
      () => expect(world.phone(owner).devices).toMatchObject([{ browser: 'Chrome', connected: true }]),
      soon,
    );
  });
});

describe('messages', () => {
  beforeAll(() => {
    linked.client.on('message_ack', (message, ack) => acks.push({ id: message.id.id, ack }));
  });

  it('arrive with sender, text, time in whole seconds and unread count', async () => {
    const message = await ask('Oi, tem horário amanhã?');
    expect(message).toMatchObject({
      from: customerId,
      to: `${owner}@c.us`,
      fromMe: false,
      type: 'chat',
      hasMedia: false,
    });
    expect(Number.isInteger(message.timestamp)).toBe(true);
    expect(Math.abs(message.timestamp - Date.now() / 1000)).toBeLessThan(5);
    expect((await message.getChat()).unreadCount).toBe(1);
    expect(await message.getContact()).toMatchObject({ number: customer, name: 'Bruno Paciente', pushname: 'Bruno' });
  });

  it('are sent, and get one, two and blue ticks', async () => {
    const sent = await linked.client.sendMessage(customerId, 'Temos às 15h.');
    expect(sent).toMatchObject({ fromMe: true, to: customerId, body: 'Temos às 15h.' });
    await vi.waitFor(() => expect(acksOf(sent.id.id)).toEqual([1, 2]), soon);
    expect(world.received({ phone: customer }).at(-1)).toMatchObject({ text: 'Temos às 15h.', peer: owner });
    world.read(customer, owner);
    await vi.waitFor(() => expect(acksOf(sent.id.id)).toEqual([1, 2, 3]), soon);
  });

  it('wait with one tick for a phone that is off', async () => {
    world.changePhone(customer, { online: false });
    const sent = await linked.client.sendMessage(customerId, 'Você está aí?');
    await vi.waitFor(() => expect(acksOf(sent.id.id)).toEqual([1]), soon);
    world.changePhone(customer, { online: true });
    await vi.waitFor(() => expect(acksOf(sent.id.id)).toEqual([1, 2]), soon);
  });

  it('typed on the phone itself reach the linked device as its own', async () => {
    const created = new Promise<Message>((resolve) => linked.client.once('message_create', resolve));
    const typed = world.send({ from: owner, to: customer, text: 'Respondo do celular' });
    expect(await created).toMatchObject({ fromMe: true, body: 'Respondo do celular', id: { id: typed.id } });
    expect(linked.messages.some((message) => message.body === 'Respondo do celular')).toBe(false);
  });

  it('can be answered, with the quote on both sides', async () => {
    const question = await ask('Qual o valor?');
    const reply = await question.reply('R$ 150');
    expect(reply.hasQuotedMsg).toBe(true);
    expect((await reply.getQuotedMessage()).body).toBe('Qual o valor?');
    await vi.waitFor(
      () =>
        expect(world.received({ phone: customer }).at(-1)).toMatchObject({ text: 'R$ 150', quoted: question.id.id }),
      soon,
    );
    world.send({ from: customer, to: owner, text: 'Fechado', quoted: reply.id.id });
    expect(await (await next('Fechado')).getQuotedMessage()).toMatchObject({ body: 'R$ 150', fromMe: true });
  });

  it('carry reactions both ways', async () => {
    const reactions: Reaction[] = [];
    linked.client.on('message_reaction', (reaction) => reactions.push(reaction));
    const message = await ask('Pode confirmar?');
    await message.react('👍');
    const seen = () =>
      world.messages({ phone: customer, peer: owner }).find((copy) => copy.id === message.id.id)?.reactions;
    await vi.waitFor(() => expect(seen()).toMatchObject([{ author: owner, emoji: '👍' }]), soon);
    world.react({ phone: customer, peer: owner, id: message.id.id, emoji: '🙏' });
    await vi.waitFor(() => expect(reactions.map((reaction) => reaction.reaction)).toEqual(['👍', '🙏']), soon);
    expect(reactions[1]).toMatchObject({ senderId: customerId, msgId: { _serialized: idText(message.id) } });
    await message.reload();
    const list = await message.getReactions();
    expect(list?.map((group) => [group.aggregateEmoji, group.hasReactionByMe])).toEqual([
      ['👍', true],
      ['🙏', false],
    ]);
  });

  it('can be edited on both sides', async () => {
    const sent = await linked.client.sendMessage(customerId, 'às 15h');
    expect((await sent.edit('às 16h'))?.body).toBe('às 16h');
    const copy = () => world.messages({ phone: customer, peer: owner }).find((message) => message.id === sent.id.id);
    await vi.waitFor(() => expect(copy()).toMatchObject({ text: 'às 16h', editedAt: expect.any(Number) }), soon);
    const edits: string[][] = [];
    linked.client.on('message_edit', (_message, after, before) => edits.push([String(before), String(after)]));
    const question = await ask('dia 12');
    world.edit({ phone: customer, peer: owner, id: question.id.id, text: 'dia 13' });
    await vi.waitFor(() => expect(edits).toEqual([['dia 12', 'dia 13']]), soon);
  });

  it('can be deleted for everyone on both sides', async () => {
    const sent = await linked.client.sendMessage(customerId, 'engano');
    await sent.delete(true);
    const copy = () => world.messages({ phone: customer, peer: owner }).find((message) => message.id === sent.id.id);
    await vi.waitFor(() => expect(copy()).toMatchObject({ type: 'revoked', text: '' }), soon);
    const revoked: Message[] = [];
    linked.client.on('message_revoke_everyone', (message) => revoked.push(message));
    const question = await ask('apago já');
    world.revoke({ phone: customer, peer: owner, id: question.id.id });
    await vi.waitFor(() => expect(revoked.map((message) => message.id.id)).toContain(question.id.id), soon);
  });

  it('come from groups, status and newsletters in a form that can be told apart', async () => {
    const group = world.createRoom({ kind: 'group', name: 'Família', owner: customer, members: [owner, other] });
    const news = world.createRoom({ kind: 'newsletter', name: 'Notícias', owner: other, members: [owner] });
    world.saveContact(customer, { number: owner, name: 'Ana' });
    world.send({ from: customer, to: group.id, text: 'no grupo' });
    world.send({ from: other, to: news.id, text: 'no canal' });
    world.send({ from: customer, to: 'status@broadcast', text: 'no status' });
    expect(await next('no grupo')).toMatchObject({ from: group.id, author: customerId });
    expect(await next('no canal')).toMatchObject({ from: news.id });
    expect(await next('no status')).toMatchObject({ from: 'status@broadcast', isStatus: true, author: customerId });
    const chats = await linked.client.getChats();
    expect(chats.find((chat) => idText(chat.id) === group.id)).toMatchObject({ isGroup: true, name: 'Família' });
    expect(chats.map((chat) => idText(chat.id))).not.toContain(news.id);
  });
});

describe('chats and contacts', () => {
  it('are listed newest first, with their last message', async () => {
    await ask('a última');
    const [first] = await linked.client.getChats();
    expect(first).toMatchObject({ name: 'Bruno Paciente', lastMessage: { body: 'a última' }, isGroup: false });
    const contacts = await linked.client.getContacts();
    const bruno = contacts.find((contact) => contact.number === customer);
    expect(bruno).toMatchObject({ name: 'Bruno Paciente', isMyContact: true, isMe: false });
    expect(contacts.find((contact) => contact.number === owner)?.isMe).toBe(true);
  });

  it('give history page by page, oldest first, without holes', async () => {
    const chat = await linked.client.getChatById(`${other}@c.us`);
    const some = await chat.fetchMessages({ limit: 120 });
    expect(some.map((message) => message.body)).toEqual(Array.from({ length: 120 }, (_, i) => `antiga ${1080 + i}`));
    const all = await chat.fetchMessages({ limit: 5000 });
    expect(all.map((message) => message.body)).toEqual(Array.from({ length: 1200 }, (_, i) => `antiga ${i}`));
    expect(all.filter((message) => message.fromMe)).toHaveLength(400);
  });

  it('are marked as seen, and the sender gets blue ticks', async () => {
    await ask('leia-me');
    expect(lastSentByCustomer()).toMatchObject({ text: 'leia-me', ack: 2 });
    expect(await linked.client.sendSeen(customerId)).toBe(true);
    await vi.waitFor(() => expect(lastSentByCustomer()).toMatchObject({ ack: 3 }), soon);
    expect((await linked.client.getChatById(customerId)).unreadCount).toBe(0);
  });

  it('tell the other phone of typing', async () => {
    const chat = await linked.client.getChatById(customerId);
    const before = world.lastEvent();
    await chat.sendStateTyping();
    await chat.clearState();
    const states = () =>
      world
        .events({ after: before, phone: customer })
        .filter((event) => event.kind === 'typing')
        .map((event) => event.data.state);
    await vi.waitFor(() => expect(states()).toEqual(['composing', 'paused']), soon);
  });

  it('find numbers, also with a ninth digit that WhatsApp does not have', async () => {
    world.addPhone({ number: '553188887777', name: 'Davi' });
    expect(await linked.client.getNumberId('5531988887777')).toMatchObject({ _serialized: '553188887777@c.us' });
    expect(await linked.client.getNumberId('5531999990000')).toBeNull();
    await expect(linked.client.sendMessage('5531999990000@c.us', 'oi')).rejects.toThrow('No LID for user');
  });

  it('are archived, pinned, muted, marked unread and searched', async () => {
    await linked.client.archiveChat(customerId);
    await linked.client.pinChat(customerId);
    await linked.client.muteChat(customerId);
    await linked.client.markChatUnread(customerId);
    await vi.waitFor(
      () => expect(chatWithCustomer()).toMatchObject({ archived: true, pinned: true, muteExpiration: -1, unread: -1 }),
      soon,
    );
    await linked.client.unarchiveChat(customerId);
    await linked.client.unpinChat(customerId);
    await linked.client.unmuteChat(customerId);
    expect(await linked.client.getChatById(customerId)).toMatchObject({
      archived: false,
      pinned: false,
      isMuted: false,
    });
    const found = await linked.client.searchMessages('antiga 77', { limit: 20 });
    expect(found.map((message) => message.body)).toEqual(expect.arrayContaining(['antiga 77', 'antiga 777']));
  });
});

describe('media', () => {
  it('comes in and is downloaded', async () => {
    world.send({ from: customer, to: owner, media: { mimetype: 'image/png', data: png, caption: 'meu exame' } });
    const message = await next('meu exame');
    expect(message).toMatchObject({ hasMedia: true, type: 'image' });
    expect(await message.downloadMedia()).toMatchObject({ mimetype: 'image/png', data: png });
  });

  it('goes out', async () => {
    const media = new whatsapp.MessageMedia(
      'application/pdf',
      Buffer.from('%PDF-1.7 recibo').toString('base64'),
      'recibo ção.pdf',
    );
    const sent = await linked.client.sendMessage(customerId, media, { caption: 'Segue o recibo' });
    expect(sent).toMatchObject({ type: 'document', hasMedia: true });
    const received = await vi.waitFor(() => {
      const [last] = world.received({ phone: customer, limit: 1000 }).slice(-1);
      expect(last).toMatchObject({ type: 'document', text: 'Segue o recibo', media: { filename: 'recibo ção.pdf' } });
      return last;
    }, soon);
    expect(Buffer.from(world.mediaBytes(received?.media?.id ?? '')?.bytes ?? []).toString()).toBe('%PDF-1.7 recibo');
    const picture = await linked.client.sendMessage(customerId, new whatsapp.MessageMedia('image/png', png));
    expect(await picture.downloadMedia()).toMatchObject({ mimetype: 'image/png', data: png });
  });

  it('that has expired comes to nothing', async () => {
    const { media } = world.send({
      from: customer,
      to: owner,
      media: { mimetype: 'image/png', data: png, caption: 'some' },
    });
    world.act(owner, { action: 'expire-media', media: media?.id ?? '' });
    expect(await (await next('some')).downloadMedia()).toBeUndefined();
  });
});

describe('faults', () => {
  it('announces the same message twice', async () => {
    world.setFaults({ announceTwice: true }, owner);
    await ask('eco');
    await vi.waitFor(() => expect(linked.messages.filter((message) => message.body === 'eco')).toHaveLength(2), soon);
    world.clearFaults(owner);
    const [one, two] = linked.messages.filter((message) => message.body === 'eco');
    expect(one?.id).toEqual(two?.id);
  });

  it('delivers messages in another order', async () => {
    world.setFaults({ reorder: 3 }, owner);
    // The library sorts by time in whole seconds, and shuffles what shares one.
    const t = Math.floor(Date.now() / 1000);
    for (const [i, text] of ['um', 'dois', 'três'].entries())
      world.send({ from: customer, to: owner, text, t: t + 1 + i });
    await next('um');
    world.clearFaults(owner);
    expect(linked.messages.slice(-3).map((message) => message.body)).toEqual(['três', 'dois', 'um']);
    const chat = await linked.client.getChatById(customerId);
    const last = await chat.fetchMessages({ limit: 3 });
    expect(last.map((message) => message.body)).toEqual(['um', 'dois', 'três']);
  });

  it('keeps ticks back although the message arrives', async () => {
    world.setFaults({ maxAck: 1 }, owner);
    const sent = await linked.client.sendMessage(customerId, 'sem segundo tique');
    await vi.waitFor(
      () => expect(world.received({ phone: customer, limit: 1000 }).at(-1)?.text).toBe('sem segundo tique'),
      soon,
    );
    const later = await ask('depois do tique');
    world.clearFaults(owner);
    expect(later.body).toBe('depois do tique');
    expect(acksOf(sent.id.id)).toEqual([1]);
  });

  it('gives no tick at all although the message arrives, and makes up for it after a reconnection', async () => {
    world.setFaults({ maxAck: 0 }, owner);
    const sent = await linked.client.sendMessage(customerId, 'sem tique nenhum');
    const copies = () =>
      world.received({ phone: customer, limit: 1000 }).filter((copy) => copy.text === 'sem tique nenhum');
    await vi.waitFor(() => expect(copies()).toHaveLength(1), soon);
    await ask('depois de nenhum tique');
    expect(acksOf(sent.id.id)).toEqual([]);
    world.clearFaults(owner);
    world.act(owner, { action: 'drop-socket', downMs: 0 });
    await vi.waitFor(() => expect(acksOf(sent.id.id)[0]).toBe(1), soon);
    expect(copies()).toHaveLength(1);
  });

  it('loses what is sent, until it is sent again after a reconnection', async () => {
    world.setFaults({ dropSends: true }, owner);
    const sent = await linked.client.sendMessage(customerId, 'perdida');
    await ask('depois da perdida');
    expect(acksOf(sent.id.id)).toEqual([]);
    expect(world.received({ phone: customer, limit: 1000 }).map((message) => message.text)).not.toContain('perdida');
    world.clearFaults(owner);
    world.act(owner, { action: 'drop-socket', downMs: 0 });
    await vi.waitFor(() => expect(acksOf(sent.id.id)).toEqual([1, 2]), soon);
    const arrived = world.received({ phone: customer, limit: 1000 }).filter((message) => message.text === 'perdida');
    expect(arrived).toHaveLength(1);
  });

  it('drops the socket and announces what came meanwhile on its return', async () => {
    const before = linked.log.length;
    world.act(owner, { action: 'drop-socket', downMs: 400 });
    await vi.waitFor(() => expect(linked.log.slice(before)).toContain('change_state OPENING'), soon);
    world.send({ from: customer, to: owner, text: 'durante a queda' });
    await next('durante a queda');
    expect(linked.log.slice(before)).toContain('change_state CONNECTED');
  });

  it('drops the socket and never announces what came meanwhile', async () => {
    world.setFaults({ silentCatchUp: true }, owner);
    const before = linked.log.length;
    world.act(owner, { action: 'drop-socket', downMs: 400 });
    await vi.waitFor(() => expect(linked.log.slice(before)).toContain('change_state OPENING'), soon);
    world.send({ from: customer, to: owner, text: 'em silêncio' });
    await vi.waitFor(() => expect(linked.log.slice(before)).toContain('change_state CONNECTED'), soon);
    await ask('com aviso');
    world.clearFaults(owner);
    expect(linked.messages.map((message) => message.body)).not.toContain('em silêncio');
    const chat = await linked.client.getChatById(customerId);
    expect((await chat.fetchMessages({ limit: 5 })).map((message) => message.body)).toContain('em silêncio');
  });

  it('knows people by their hidden id', async () => {
    const hidden = world.addPhone({ number: '5511900000009', name: 'Oculta', addressing: 'lid' });
    world.send({ from: hidden.number, to: owner, text: 'quem sou' });
    const message = await next('quem sou');
    expect(message.from).toBe(hidden.lid);
    expect(await message.getContact()).toMatchObject({ number: hidden.number, id: { _serialized: hidden.pn } });
    const [ids] = await linked.client.getContactLidAndPhone([message.from]);
    expect(ids).toEqual({ lid: hidden.lid, pn: hidden.pn });
    await message.reply('sei quem é');
    await vi.waitFor(() => expect(world.received({ phone: hidden.number }).at(-1)?.text).toBe('sei quem é'), soon);
  });

  it('changes a chat from phone number to hidden id', async () => {
    const moving = world.addPhone({ number: '5511900000008', name: 'Muda' });
    world.send({ from: moving.number, to: owner, text: 'antes' });
    expect((await next('antes')).from).toBe(moving.pn);
    world.act(owner, { action: 'migrate-to-lid', peer: moving.number });
    world.send({ from: moving.number, to: owner, text: 'depois' });
    expect((await next('depois')).from).toBe(moving.lid);
    const chats = (await linked.client.getChats()).filter((chat) => chat.name === 'Muda');
    expect(chats.map((chat) => idText(chat.id))).toEqual([moving.lid]);
    const byNumber = await linked.client.getChatById(moving.pn);
    expect((await byNumber.fetchMessages({ limit: 10 })).map((message) => message.body)).toEqual(['antes', 'depois']);
  });

  it('needs a number to be looked up before it can be written to', async () => {
    const stranger = world.addPhone({ number: '5511900000007', name: 'Nova' });
    world.setFaults({ requireLidLookup: true }, owner);
    const before = linked.log.length;
    world.act(owner, { action: 'drop-socket', downMs: 0 });
    await vi.waitFor(() => expect(linked.log.slice(before)).toContain('change_state CONNECTED'), soon);
    const refused = () => linked.client.sendMessage(stranger.pn, 'oi');
    await expect(refused()).rejects.toThrow('No LID for user');
    expect(await linked.client.getNumberId(stranger.number)).toMatchObject({ _serialized: stranger.pn });
    expect(await refused()).toMatchObject({ body: 'oi' });
    world.clearFaults(owner);
  });

  it('navigates within the document, after which the library announces everything more than once', async () => {
    expect(world.act(owner, { action: 'same-document-navigation' })).toBe(1);
    await vi.waitFor(() => expect(linked.client.pupPage?.url()).toContain('panel'), soon);
    // The library injects itself again in its own time; from then on a sync is heard twice.
    await vi.waitFor(async () => {
      const start = linked.log.length;
      world.act(owner, { action: 'drop-socket', downMs: 0 });
      const heard = () => linked.log.slice(start).filter((name) => name === 'ready').length;
      await vi.waitFor(() => expect(heard()).toBeGreaterThan(1), { timeout: 600, interval: 15 });
    }, soon);
  });

  it('reloads the page, after which the library is ready again without a QR code', async () => {
    const before = linked.log.length;
    world.act(owner, { action: 'reload' });
    await vi.waitFor(() => expect(linked.log.slice(before)).toContain('ready'), soon);
    expect(linked.log.slice(before)).not.toContain('qr');
    await ask('depois do recarregamento');
  });
});

describe('the page', () => {
  it('has every module that the installed library asks for, or says why not', async () => {
    const { modules } = readLibraryRequests();
    const provided = await providedModules(linked.client);
    expect(modules.length).toBeGreaterThan(100);
    const known = new Set([...provided, ...Object.keys(modulesNotProvided)]);
    expect(modules.filter((name) => !known.has(name))).toEqual([]);
    expect(
      Object.keys(modulesNotProvided).filter((name) => provided.includes(name) || !modules.includes(name)),
    ).toEqual([]);
  });

  it('has every member of those modules that the installed library uses, or says why not', async () => {
    const paths = readLibraryRequests().members.filter(
      (path) => modulesNotProvided[path.split('.')[0] ?? ''] === undefined,
    );
    const absent = await absentMembers(linked.client, paths);
    expect(paths.length).toBeGreaterThan(100);
    expect(absent.toSorted()).toEqual(Object.keys(membersNotProvided).toSorted());
  });

  it('was never asked for a module that it lacks, and never failed', async () => {
    expect(await missingModules(linked.client)).toEqual([]);
    expect(world.missingModules()).toEqual([]);
    expect(world.events({ limit: 10_000 }).filter((event) => event.kind === 'page-error')).toEqual([]);
  });

  it('does nothing while nothing happens', async () => {
    const session = await linked.client.pupPage?.createCDPSession();
    await session?.send('Performance.enable');
    const work = async () => {
      const { metrics = [] } = (await session?.send('Performance.getMetrics')) ?? {};
      return metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? 0;
    };
    const before = await work();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await work()) - before).toBeLessThan(0.05);
  });
});
