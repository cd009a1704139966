import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Message, Reaction } from 'whatsapp-web.js';
import { z } from 'zod';
import type { WhatsAppWorld } from './server.ts';
import { launchClient, type LaunchedClient } from './test-support/launch-client.ts';
import { customer, customerId, linkOwner, other, owner, soon, type LinkedOwner } from './test-support/linked-owner.ts';
import { pageMessage } from './test-support/page-messages.ts';

let linked: LinkedOwner;
let world: WhatsAppWorld;
let session: LaunchedClient;
beforeAll(async () => {
  linked = await linkOwner();
  ({ world, session } = linked);
}, 120_000);
afterAll(() => linked.close());

/** The browser ends, `meanwhile` happens, and it comes back with the same profile. */
async function whileAway(meanwhile: () => void): Promise<void> {
  await session.close();
  meanwhile();
  session = await launchClient({ world, profile: session.profile });
  await vi.waitFor(() => expect(session.log).toContain('ready'), soon);
}

async function fetched(id: string, peer = customerId): Promise<Message | undefined> {
  const chat = await session.client.getChatById(peer);
  return (await chat.fetchMessages({ limit: 50 })).find((message) => message.id.id === id);
}

async function reactionsTo(id: string): Promise<{ emoji: string; senders: string[] }[]> {
  const message = await fetched(id);
  const lists = await message?.getReactions();
  return (lists ?? []).map(({ aggregateEmoji, senders }) => ({
    emoji: aggregateEmoji,
    senders: senders.map(({ senderId }) => senderId),
  }));
}

describe('reactions', () => {
  it('of the customer and of the owner’s own phone are told, changed and taken back', async () => {
    const told: Reaction[] = [];
    session.client.on('message_reaction', (reaction) => told.push(reaction));
    const { id } = world.send({ from: owner, to: customer, text: 'Terça às 14h, confirma?' });
    await vi.waitFor(async () => expect(await pageMessage(session.client, id)).toBeDefined(), soon);
    world.react({ phone: customer, peer: owner, id, emoji: '👍' });
    world.react({ phone: owner, peer: customer, id, emoji: '🙏' });
    world.react({ phone: customer, peer: owner, id, emoji: '❤️' });
    world.react({ phone: owner, peer: customer, id, emoji: '' });
    await vi.waitFor(() => expect(told).toHaveLength(4), soon);
    expect(told.map(({ reaction, senderId }) => [senderId, reaction])).toEqual([
      [customerId, '👍'],
      [`${owner}@c.us`, '🙏'],
      [customerId, '❤️'],
      [`${owner}@c.us`, ''],
    ]);
    expect(await reactionsTo(id)).toEqual([{ emoji: '❤️', senders: [customerId] }]);
  });

  it('that came while the device was away stand in the page’s collection, and are not told', async () => {
    const { id } = world.send({ from: owner, to: customer, text: 'e quarta?' });
    await vi.waitFor(async () => expect(await pageMessage(session.client, id)).toBeDefined(), soon);
    await whileAway(() => {
      world.react({ phone: customer, peer: owner, id, emoji: '👍' });
      world.react({ phone: owner, peer: customer, id, emoji: '😀' });
    });
    const reactions = await reactionsTo(id);
    expect(reactions).toHaveLength(2);
    expect(reactions).toEqual(
      expect.arrayContaining([
        { emoji: '👍', senders: [customerId] },
        { emoji: '😀', senders: [`${owner}@c.us`] },
      ]),
    );
    expect(session.log).not.toContain('message_reaction');
  });

  it('are found of a message that the page has not loaded yet', async () => {
    const { id } = world.send({ from: customer, to: owner, text: 'bem antiga' });
    world.react({ phone: owner, peer: customer, id, emoji: '👀' });
    await whileAway(() => world.send({ from: customer, to: owner, text: 'a mais nova' }));
    expect(await pageMessage(session.client, id)).toBeUndefined();
    const key = `false_${customerId}_${id}`;
    const found = await session.client.pupPage?.evaluate(`(async () => {
      const found = await window.require('WAWebCollections').Reactions.find(${JSON.stringify(key)});
      return found.reactions.serialize().map((reaction) => reaction.aggregateEmoji);
    })()`);
    expect(found).toEqual(['👀']);
  });
});

describe('a message that its sender deletes for everyone', () => {
  it('gets a new id, and names the one that it had', async () => {
    const revoked: { after: Message; before: Message | null | undefined }[] = [];
    session.client.on('message_revoke_everyone', (after, before) => revoked.push({ after, before }));
    const original = world.send({ from: customer, to: owner, text: 'ops, errado' });
    await vi.waitFor(async () => expect(await pageMessage(session.client, original.id)).toBeDefined(), soon);
    world.revoke({ phone: customer, peer: owner, id: original.id });
    await vi.waitFor(() => expect(revoked).toHaveLength(1), soon);
    const [{ after, before } = { after: undefined, before: undefined }] = revoked;
    expect(after).toMatchObject({ type: 'revoked', body: '' });
    expect(after?.id.id).not.toBe(original.id);
    expect(before).toMatchObject({ body: 'ops, errado', id: { id: original.id } });
    expect(await pageMessage(session.client, original.id)).toBeUndefined();
    expect(await pageMessage(session.client, after?.id.id ?? '')).toMatchObject({
      type: 'revoked',
      protocolMessageKey: { id: original.id, fromMe: false },
    });
  });

  it('while the browser is dead leaves the tombstone alone, and answers that still quote its words', async () => {
    const original = world.send({ from: customer, to: owner, text: 'segredo' });
    const answer = world.send({ from: customer, to: owner, text: 'esquece', quoted: original.id });
    await whileAway(() => world.revoke({ phone: customer, peer: owner, id: original.id }));
    const chat = await session.client.getChatById(customerId);
    const messages = await chat.fetchMessages({ limit: 50 });
    expect(messages.filter((message) => message.id.id === original.id)).toEqual([]);
    const tombstones = messages.filter(({ type }: { type: string }) => type === 'revoked');
    expect(tombstones.at(-1)).toMatchObject({ body: '', protocolMessageKey: { id: original.id } });
    expect(await pageMessage(session.client, answer.id)).toMatchObject({
      quotedStanzaID: original.id,
      quotedMsg: { body: 'segredo' },
    });
  });
});

const chatSchema = z.object({
  title: z.string(),
  changeNumberOldJid: z.string().optional(),
  changeNumberNewJid: z.string().optional(),
});

async function pageChat(id: string): Promise<z.infer<typeof chatSchema> | undefined> {
  const found = await session.client.pupPage?.evaluate(`(() => {
    const chat = window.require('WAWebCollections').Chat.get(${JSON.stringify(id)});
    if (chat === undefined) return null;
    const { formattedTitle: title, changeNumberOldJid, changeNumberNewJid } = chat;
    return JSON.parse(JSON.stringify({ title, changeNumberOldJid, changeNumberNewJid }));
  })()`);
  return found === null ? undefined : chatSchema.parse(found);
}

describe('a person', () => {
  it('whom the owner renames on the phone is renamed on the page', async () => {
    world.saveContact(owner, { number: other, name: 'Carla da Escola' });
    await vi.waitFor(async () => {
      expect(await pageChat(`${other}@c.us`)).toMatchObject({ title: 'Carla da Escola' });
    }, soon);
    expect(await session.client.getContactById(`${other}@c.us`)).toMatchObject({ name: 'Carla da Escola' });
  });

  it('changes number: both chats are told, and messages go on under the new one', async () => {
    const next = '5511900000099';
    const room = world.createRoom({ kind: 'group', name: 'Pais', owner, members: [other] });
    world.changeNumber(other, next);
    await vi.waitFor(async () => {
      expect(await pageChat(`${other}@c.us`)).toMatchObject({ changeNumberNewJid: `${next}@c.us` });
    }, soon);
    for (const peer of [other, next]) {
      const [notice] = world.messages({ phone: owner, peer, limit: 1 });
      expect(await pageMessage(session.client, notice?.id ?? '')).toMatchObject({
        type: 'notification_template',
        subtype: 'change_number',
        templateParams: [
          `${other}@c.us`,
          `${next}@c.us`,
          expect.stringMatching(/@lid$/),
          expect.stringMatching(/@lid$/),
        ],
      });
    }
    const sent = world.send({ from: next, to: owner, text: 'meu número novo' });
    await vi.waitFor(async () => {
      expect(await pageMessage(session.client, sent.id)).toMatchObject({ from: `${next}@c.us` });
    }, soon);
    expect(world.send({ from: owner, to: other, text: 'ainda aí?' })).toMatchObject({ ack: 1 });
    expect(world.rooms().find(({ id }) => id === room.id)?.members).toContain(next);
  });

  it('names the old number on the new chat where that was there before', async () => {
    const [from, to] = ['5511900000071', '5511900000072'];
    for (const number of [from, to]) {
      world.addPhone({ number, name: 'Duda' });
      world.send({ from: number, to: owner, text: 'oi' });
    }
    world.changeNumber(from, to);
    await vi.waitFor(async () => {
      expect(await pageChat(`${from}@c.us`)).toMatchObject({ changeNumberNewJid: `${to}@c.us` });
      expect(await pageChat(`${to}@c.us`)).toMatchObject({ changeNumberOldJid: `${from}@c.us` });
    }, soon);
  });
});

describe('a message that is planned on the phone', () => {
  const inAnHour = Math.floor(Date.now() / 1000) + 3600;
  const plan = (text: string) => world.send({ from: owner, to: customer, text, plannedFor: inAnHour });

  it('is in the page’s store, reaches nobody, and is sent in place', async () => {
    const { id } = plan('lembrete de amanhã');
    await vi.waitFor(async () => {
      expect(await pageMessage(session.client, id)).toMatchObject({
        type: 'chat',
        body: 'lembrete de amanhã',
        ack: 0,
        viewMode: 'SCHEDULED_MESSAGE',
        isScheduledMsg: true,
        scheduledTimestampS: inAnHour,
      });
    }, soon);
    expect(linked.receivedByCustomer('lembrete de amanhã')).toEqual([]);
    world.endPlan({ phone: owner, peer: customer, id, how: 'send' });
    await vi.waitFor(async () => {
      expect(await pageMessage(session.client, id)).toMatchObject({
        viewMode: 'VISIBLE',
        isScheduledMsg: false,
        ack: 2,
      });
    }, soon);
    expect(linked.receivedByCustomer('lembrete de amanhã')).toHaveLength(1);
    expect(linked.receivedByCustomer('lembrete de amanhã')[0]?.extra).toEqual({});
    expect(() => world.endPlan({ phone: owner, peer: customer, id, how: 'send' })).toThrow('was sent already');
  });

  it('is gone when it is cancelled', async () => {
    const { id } = plan('melhor não');
    await vi.waitFor(async () => expect(await pageMessage(session.client, id)).toBeDefined(), soon);
    world.endPlan({ phone: owner, peer: customer, id, how: 'cancel' });
    await vi.waitFor(async () => expect(await pageMessage(session.client, id)).toBeUndefined(), soon);
    expect(linked.receivedByCustomer('melhor não')).toEqual([]);
  });
});
