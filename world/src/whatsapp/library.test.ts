import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Message, Reaction } from 'whatsapp-web.js';
import type { WhatsAppWorld } from './server.ts';
import type { LaunchedClient } from './test-support/launch-client.ts';
import { customer, customerId, linkOwner, other, owner, soon, type LinkedOwner } from './test-support/linked-owner.ts';
import { idText } from './page/ids.ts';

/** The unmodified library in real Chromium, linked to one owner's phone for the whole file. */

let linked: LinkedOwner;
let session: LaunchedClient;
let world: WhatsAppWorld;

beforeAll(async () => {
  linked = await linkOwner();
  ({ session, world } = linked);
}, 60_000);

afterAll(() => linked.close());

function lastSentByCustomer() {
  return world.messages({ phone: customer, peer: owner }).at(-1);
}

function chatWithCustomer() {
  return world.chats(owner).find((chat) => chat.peer === customer);
}

describe('linking', () => {
  it('goes from QR code over loading screen and authenticated to ready', () => {
    expect(session.log.filter((name) => name !== 'qr').slice(0, 5)).toEqual([
      'loading_screen 25',
      'loading_screen 75',
      'loading_screen 100',
      'authenticated',
      'ready',
    ]);
    expect(session.client.info).toMatchObject({ pushname: 'Clínica Ana', wid: { _serialized: `${owner}@c.us` } });
  });

  it('shows the linked device on the phone', async () => {
    await vi.waitFor(
      () => expect(world.phone(owner).devices).toMatchObject([{ browser: 'Chrome', connected: true }]),
      soon,
    );
  });
});

describe('messages', () => {
  it('arrive with sender, text, time in whole seconds and unread count', async () => {
    const message = await linked.ask('Oi, tem horário amanhã?');
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
    const sent = await session.client.sendMessage(customerId, 'Temos às 15h.');
    expect(sent).toMatchObject({ fromMe: true, to: customerId, body: 'Temos às 15h.' });
    await vi.waitFor(() => expect(linked.acksOf(sent.id.id)).toEqual([1, 2]), soon);
    expect(world.received({ phone: customer }).at(-1)).toMatchObject({ text: 'Temos às 15h.', peer: owner });
    world.read(customer, owner);
    await vi.waitFor(() => expect(linked.acksOf(sent.id.id)).toEqual([1, 2, 3]), soon);
  });

  it('wait with one tick for a phone that is off', async () => {
    world.changePhone(customer, { online: false });
    const sent = await session.client.sendMessage(customerId, 'Você está aí?');
    await vi.waitFor(() => expect(linked.acksOf(sent.id.id)).toEqual([1]), soon);
    world.changePhone(customer, { online: true });
    await vi.waitFor(() => expect(linked.acksOf(sent.id.id)).toEqual([1, 2]), soon);
  });

  it('typed on the phone itself reach the linked device as its own', async () => {
    const created = new Promise<Message>((resolve) => session.client.once('message_create', resolve));
    const typed = world.send({ from: owner, to: customer, text: 'Respondo do celular' });
    expect(await created).toMatchObject({ fromMe: true, body: 'Respondo do celular', id: { id: typed.id } });
    expect(session.messages.some((message) => message.body === 'Respondo do celular')).toBe(false);
  });

  it('can be answered, with the quote on both sides', async () => {
    const question = await linked.ask('Qual o valor?');
    const reply = await question.reply('R$ 150');
    expect(reply.hasQuotedMsg).toBe(true);
    expect((await reply.getQuotedMessage()).body).toBe('Qual o valor?');
    await vi.waitFor(
      () =>
        expect(world.received({ phone: customer }).at(-1)).toMatchObject({ text: 'R$ 150', quoted: question.id.id }),
      soon,
    );
    world.send({ from: customer, to: owner, text: 'Fechado', quoted: reply.id.id });
    expect(await (await linked.next('Fechado')).getQuotedMessage()).toMatchObject({ body: 'R$ 150', fromMe: true });
  });

  it('carry reactions both ways', async () => {
    const reactions: Reaction[] = [];
    session.client.on('message_reaction', (reaction) => reactions.push(reaction));
    const message = await linked.ask('Pode confirmar?');
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
    const sent = await session.client.sendMessage(customerId, 'às 15h');
    expect((await sent.edit('às 16h'))?.body).toBe('às 16h');
    const copy = () => world.messages({ phone: customer, peer: owner }).find((message) => message.id === sent.id.id);
    await vi.waitFor(() => expect(copy()).toMatchObject({ text: 'às 16h', editedAt: expect.any(Number) }), soon);
    const edits: string[][] = [];
    session.client.on('message_edit', (_message, after, before) => edits.push([String(before), String(after)]));
    const question = await linked.ask('dia 12');
    world.edit({ phone: customer, peer: owner, id: question.id.id, text: 'dia 13' });
    await vi.waitFor(() => expect(edits).toEqual([['dia 12', 'dia 13']]), soon);
  });

  it('can be deleted for everyone on both sides', async () => {
    const sent = await session.client.sendMessage(customerId, 'engano');
    await sent.delete(true);
    const copy = () => world.messages({ phone: customer, peer: owner }).at(-1);
    await vi.waitFor(() => expect(copy()).toMatchObject({ type: 'revoked', text: '' }), soon);
    expect(copy()?.id).not.toBe(sent.id.id);
    const revoked: (Message | null | undefined)[] = [];
    session.client.on('message_revoke_everyone', (_after, before) => revoked.push(before));
    const question = await linked.ask('apago já');
    world.revoke({ phone: customer, peer: owner, id: question.id.id });
    await vi.waitFor(() => expect(revoked.map((before) => before?.id.id)).toContain(question.id.id), soon);
  });

  it('come from groups, status and newsletters in a form that can be told apart', async () => {
    const group = world.createRoom({ kind: 'group', name: 'Família', owner: customer, members: [owner, other] });
    const news = world.createRoom({ kind: 'newsletter', name: 'Notícias', owner: other, members: [owner] });
    world.saveContact(customer, { number: owner, name: 'Ana' });
    world.send({ from: customer, to: group.id, text: 'no grupo' });
    world.send({ from: other, to: news.id, text: 'no canal' });
    world.send({ from: customer, to: 'status@broadcast', text: 'no status' });
    expect(await linked.next('no grupo')).toMatchObject({ from: group.id, author: customerId });
    expect(await linked.next('no canal')).toMatchObject({ from: news.id });
    expect(await linked.next('no status')).toMatchObject({
      from: 'status@broadcast',
      isStatus: true,
      author: customerId,
    });
    const chats = await session.client.getChats();
    expect(chats.find((chat) => idText(chat.id) === group.id)).toMatchObject({ isGroup: true, name: 'Família' });
    expect(chats.map((chat) => idText(chat.id))).not.toContain(news.id);
  });
});

describe('chats and contacts', () => {
  it('are listed newest first, with their last message', async () => {
    await linked.ask('a última');
    const [first] = await session.client.getChats();
    expect(first).toMatchObject({ name: 'Bruno Paciente', lastMessage: { body: 'a última' }, isGroup: false });
    const contacts = await session.client.getContacts();
    const bruno = contacts.find((contact) => contact.number === customer);
    expect(bruno).toMatchObject({ name: 'Bruno Paciente', isMyContact: true, isMe: false });
    expect(contacts.find((contact) => contact.number === owner)?.isMe).toBe(true);
  });

  it('give history page by page, oldest first, without holes', async () => {
    const chat = await session.client.getChatById(`${other}@c.us`);
    const some = await chat.fetchMessages({ limit: 120 });
    expect(some.map((message) => message.body)).toEqual(Array.from({ length: 120 }, (_, i) => `antiga ${1080 + i}`));
    const all = await chat.fetchMessages({ limit: 5000 });
    expect(all.map((message) => message.body)).toEqual(Array.from({ length: 1200 }, (_, i) => `antiga ${i}`));
    expect(all.filter((message) => message.fromMe)).toHaveLength(400);
  });

  it('are marked as seen, and the sender gets blue ticks', async () => {
    await linked.ask('leia-me');
    expect(lastSentByCustomer()).toMatchObject({ text: 'leia-me', ack: 2 });
    expect(await session.client.sendSeen(customerId)).toBe(true);
    await vi.waitFor(() => expect(lastSentByCustomer()).toMatchObject({ ack: 3 }), soon);
    expect((await session.client.getChatById(customerId)).unreadCount).toBe(0);
  });

  it('tell the other phone of typing', async () => {
    const chat = await session.client.getChatById(customerId);
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
    expect(await session.client.getNumberId('5531988887777')).toMatchObject({ _serialized: '553188887777@c.us' });
    expect(await session.client.getNumberId('5531999990000')).toBeNull();
    await expect(session.client.sendMessage('5531999990000@c.us', 'oi')).rejects.toThrow('No LID for user');
  });

  it('are archived, pinned, muted, marked unread and searched', async () => {
    await session.client.archiveChat(customerId);
    await session.client.pinChat(customerId);
    await session.client.muteChat(customerId);
    await session.client.markChatUnread(customerId);
    await vi.waitFor(
      () => expect(chatWithCustomer()).toMatchObject({ archived: true, pinned: true, muteExpiration: -1, unread: -1 }),
      soon,
    );
    await session.client.unarchiveChat(customerId);
    await session.client.unpinChat(customerId);
    await session.client.unmuteChat(customerId);
    expect(await session.client.getChatById(customerId)).toMatchObject({
      archived: false,
      pinned: false,
      isMuted: false,
    });
    const found = await session.client.searchMessages('antiga 77', { limit: 20 });
    expect(found.map((message) => message.body)).toEqual(expect.arrayContaining(['antiga 77', 'antiga 777']));
  });
});

describe('the page', () => {
  it('was never asked for a module that it lacks, and never failed', () => {
    expect(world.missingModules()).toEqual([]);
    expect(world.events({ limit: 10_000 }).filter((event) => event.kind === 'page-error')).toEqual([]);
  });
});
