import { randomUUID } from 'node:crypto';
import { orderOf } from '@top-active/core/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { customer, incoming, openTenant, outgoing } from '../../test-support/tenants.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const second = 1_790_000_000;

describe('recordMessage', () => {
  it('makes the chat on first contact and shows the message in it', async () => {
    const tenant = openTenant(db);
    const chat = { ...customer(), phone: '5511987654321' };
    const recorded = await tenant.messages.recordMessage({ chat, message: incoming({ stanzaId: 'ABC', text: 'Oi' }) });
    expect(recorded).toEqual({
      stored: true,
      chatId: expect.any(String),
      messageId: expect.stringMatching(/^1790000000000-[0-9a-f]{32}$/),
    });
    const { items, next } = await tenant.chats.page({ limit: 10 });
    expect(next).toBeUndefined();
    expect(items).toEqual([
      {
        id: recorded.chatId,
        name: 'Bia',
        phone: '5511987654321',
        isGroup: false,
        unread: 1,
        assistantMode: 'off',
        lastMessage: {
          id: recorded.messageId,
          author: 'customer',
          kind: 'text',
          text: 'Oi',
          sentAt: '2026-09-21T14:13:20.000Z',
          delivery: 'delivered',
        },
        updatedAt: '2026-09-21T14:13:20.000Z',
        waIds: ['551187654321@c.us'],
        primaryWaId: '5511987654321@c.us',
        lastOrder: '1790000000000',
        lastInboundId: recorded.messageId,
      },
    ]);
  });

  it('stores a message once though 20 tell of it at once', { timeout: 30_000 }, async () => {
    const userId = randomUUID();
    const message = incoming();
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        openTenant(db, { userId }).messages.recordMessage({ chat: customer(), message }),
      ),
    );
    expect(results.filter(({ stored }) => stored)).toHaveLength(1);
    expect(new Set(results.map(({ chatId, messageId }) => `${chatId} ${messageId}`)).size).toBe(1);
    const tenant = openTenant(db, { userId });
    const chatId = results[0]?.chatId ?? '';
    expect((await tenant.messages.page({ chatId, limit: 100 })).items).toHaveLength(1);
    expect((await tenant.events.after(0)).items).toHaveLength(1);
    expect((await tenant.chats.require(chatId)).unread).toBe(1);
  });

  it('keeps the order of arrival within a second, also over a restart', async () => {
    const userId = randomUUID();
    const stanzas = ['ZZ', 'AA', 'MM', 'BB'];
    const ids: string[] = [];
    for (const stanzaId of stanzas) {
      // Each by a process that remembers nothing.
      const { messages } = openTenant(db, { userId });
      ids.push((await messages.recordMessage({ chat: customer(), message: incoming({ stanzaId }) })).messageId);
    }
    expect(ids.map(orderOf)).toEqual(stanzas.map((_, i) => `179000000000${i}`));
    const again = openTenant(db, { userId });
    const chatId = (await again.chats.resolvePeer(customer().waIds)) ?? '';
    for (const [i, stanzaId] of stanzas.entries()) {
      const repeated = await again.messages.recordMessage({ chat: customer(), message: incoming({ stanzaId }) });
      expect(repeated).toEqual({ stored: false, chatId, messageId: ids[i] });
    }
    expect((await again.messages.page({ chatId, limit: 10 })).items.map(({ id }) => id)).toEqual(ids);
  });

  it('puts a late message of an earlier second where it belongs', async () => {
    const { messages, chats } = openTenant(db);
    const record = (stanzaId: string, sentAt: number) =>
      messages.recordMessage({
        chat: customer(),
        message: incoming({ stanzaId, sentAt }),
        missedSince: '2026-09-21T14:00:00.000Z',
      });
    await record('A', second);
    await record('B', second);
    const { chatId } = await record('D', second + 5);
    const late = await record('C', second);
    const between = await record('E', second + 3);
    expect(orderOf(late.messageId)).toBe('1790000000002');
    expect(orderOf(between.messageId)).toBe('1790000003000');
    const page = await messages.page({ chatId, limit: 10 });
    expect(page.items.map(({ stanzaId }) => stanzaId)).toEqual(['A', 'B', 'C', 'E', 'D']);
    const chat = await chats.require(chatId);
    expect(orderOf(chat.lastMessage?.id ?? '')).toBe('1790000005000');
    expect(chat.unread).toBe(5);
  });

  it('tells of a gap on its first message, and counts what an interrupted attempt had stored', async () => {
    const { messages, events } = openTenant(db);
    const missedSince = '2026-09-21T14:00:00.000Z';
    const live = await messages.recordMessage({ chat: customer(), message: incoming({ sentAt: second }) });
    const missed = incoming({ sentAt: second + 1 });
    const first = await messages.recordMessage({ chat: customer(), message: missed, missedSince });
    const again = await messages.recordMessage({ chat: customer(), message: missed, missedSince });
    expect([live.missedSince, first.missedSince, again]).toEqual([
      undefined,
      missedSince,
      { ...first, stored: false, missedSince },
    ]);
    const gap = { messages: 1, since: missedSince, until: '2026-09-21T14:13:00.000Z' };
    const { chatId, messageId } = first;
    await messages.noteGap({ chatId, messageId, gap });
    await messages.noteGap({ chatId, messageId, gap: { ...gap, until: '2026-09-21T14:14:00.000Z' } });
    const { items } = await messages.page({ chatId, limit: 10 });
    expect(items.map((message) => message.gap)).toEqual([undefined, gap]);
    expect((await events.after(0)).items.map(({ type }) => type)).toEqual([
      'message.stored',
      'message.stored',
      'message.updated',
    ]);
  });

  it('knows one person under number, ninth digit and lid', async () => {
    const { messages, chats } = openTenant(db);
    const record = (...waIds: [string, ...string[]]) =>
      messages.recordMessage({ chat: { ...customer(), waIds }, message: incoming() });
    const first = await record('5511987654321@c.us');
    const old = await record('551187654321@c.us');
    const both = await record('90071234567890@lid', '5511987654321@c.us');
    const lid = await record('90071234567890@lid');
    expect(new Set([first, old, both, lid].map(({ chatId }) => chatId)).size).toBe(1);
    expect(await chats.require(first.chatId)).toMatchObject({
      waIds: ['551187654321@c.us', '90071234567890@lid'],
      primaryWaId: '90071234567890@lid',
      unread: 4,
    });
  });

  it('goes on in the older chat when two turn out to be one person', async () => {
    const { messages, chats } = openTenant(db);
    const number = await messages.recordMessage({ chat: customer('5511987654321@c.us'), message: incoming() });
    const lid = await messages.recordMessage({ chat: customer('90071234567890@lid'), message: incoming() });
    expect(lid.chatId).not.toBe(number.chatId);
    const waIds: [string, string] = ['90071234567890@lid', '5511987654321@c.us'];
    const joined = await messages.recordMessage({ chat: { ...customer(), waIds }, message: incoming() });
    expect(joined.chatId).toBe(number.chatId);
    expect(await chats.resolvePeer(['90071234567890@lid'])).toBe(number.chatId);
  });

  it('counts what is unread: answers and readings clear it, groups count too', async () => {
    const { messages, chats } = openTenant(db);
    const group = { waIds: ['120363041234567890@g.us'] as [string], name: 'Turma', isGroup: true };
    const unread = async (chatId: string) => (await chats.require(chatId)).unread;
    const { chatId } = await messages.recordMessage({ chat: group, message: incoming({ sentAt: second }) });
    await messages.recordMessage({ chat: group, message: incoming({ sentAt: second + 1 }) });
    expect(await unread(chatId)).toBe(2);
    await messages.recordMessage({ chat: group, message: outgoing({ sentAt: second + 2 }) });
    expect(await unread(chatId)).toBe(0);
    // Sent before the answer, told after it: the owner has seen it.
    await messages.recordMessage({ chat: group, message: incoming({ sentAt: second + 1 }) });
    expect(await unread(chatId)).toBe(0);
    await messages.recordMessage({ chat: group, message: incoming({ sentAt: second + 3 }) });
    expect(await unread(chatId)).toBe(1);
    expect(await chats.markRead(chatId)).toMatchObject({ changed: true, chat: { unread: 0 } });
    expect(await chats.markRead(chatId)).toMatchObject({ changed: false });
    await messages.recordMessage({ chat: { ...group, unread: 7 }, message: incoming({ sentAt: second + 4 }) });
    expect(await unread(chatId)).toBe(7);
  });

  it('gives a known message the command that turns out to have sent it', async () => {
    const tenant = openTenant(db);
    const { chatId } = await tenant.messages.recordMessage({ chat: customer(), message: incoming() });
    const command = { kind: 'message.send', chatId, text: 'Olá', author: 'assistant' } as const;
    const { id } = await tenant.commands.create({ command });
    const echo = outgoing({ sentAt: second + 1, text: 'Olá' });
    const first = await tenant.messages.recordMessage({ chat: customer(), message: echo });
    expect((await tenant.commands.get(id))?.state).toBe('PENDING');
    const told = { ...echo, author: 'assistant', commandId: id } as const;
    const again = await tenant.messages.recordMessage({ chat: customer(), message: told });
    expect(again).toEqual({ ...first, stored: false });
    expect(await tenant.commands.get(id)).toMatchObject({ state: 'SENT', messageId: first.messageId });
    expect(await tenant.messages.get(chatId, first.messageId)).toMatchObject({ commandId: id, author: 'assistant' });
    expect(await tenant.commands.open()).toEqual([]);
  });

  it('takes from a message that is told again what is new, and never goes back', async () => {
    const { messages, events, chats } = openTenant(db);
    const ours = outgoing({ sentAt: second, delivery: 'sent' });
    const theirs = incoming({ sentAt: second + 1, text: 'as 10' });
    const chat = customer();
    const { chatId } = await messages.recordMessage({ chat, message: ours });
    await messages.recordMessage({ chat, message: theirs });
    const before = await events.last();
    const told = [
      { ...ours, delivery: 'read' },
      { ...ours, delivery: 'delivered' },
      // Not marked as edited: a thumbnail that was loaded.
      { ...theirs, text: 'base64' },
      { ...theirs, text: 'às 10', edited: true },
      { ...theirs, text: 'às 10', edited: true },
    ] as const;
    for (const message of told)
      expect(await messages.recordMessage({ chat, message })).toMatchObject({ stored: false });
    const shown = async () => (await messages.page({ chatId, limit: 10 })).items;
    expect(await shown()).toMatchObject([{ delivery: 'read' }, { text: 'às 10', edited: true }]);
    expect((await chats.require(chatId)).lastMessage).toMatchObject({ text: 'às 10' });
    expect(await events.last()).toBe(before + 2);
    await messages.recordMessage({ chat, message: { ...theirs, kind: 'revoked', text: '' } });
    await messages.recordMessage({ chat, message: { ...theirs, text: 'às 10', edited: true } });
    expect((await shown())[1]).toMatchObject({ kind: 'revoked', text: '' });
  });

  it('takes stanza ids with other characters', async () => {
    const { messages } = openTenant(db);
    const message = incoming({ stanzaId: 'a/b#c=' });
    const { chatId, messageId } = await messages.recordMessage({ chat: customer(), message });
    const found = await messages.find({ chatId, direction: 'in', stanzaId: 'a/b#c=' });
    expect(found?.id).toBe(messageId);
  });
});

describe('what happens to a message later', () => {
  it('moves ticks forward only, in the thread and in the list', async () => {
    const { messages, chats, events } = openTenant(db);
    const message = outgoing({ stanzaId: 'OUT1' });
    const { chatId, messageId } = await messages.recordMessage({ chat: customer(), message });
    const ref = { chatId, direction: 'out', stanzaId: 'OUT1' } as const;
    expect(await messages.updateDelivery({ ...ref, delivery: 'read' })).toEqual({ found: true, changed: true });
    expect(await messages.updateDelivery({ ...ref, delivery: 'delivered' })).toEqual({ found: true, changed: false });
    expect(await messages.updateDelivery({ ...ref, delivery: 'failed' })).toEqual({ found: true, changed: false });
    expect(await messages.updateDelivery({ ...ref, stanzaId: 'NONE', delivery: 'read' })).toEqual({
      found: false,
      changed: false,
    });
    expect((await messages.get(chatId, messageId))?.delivery).toBe('read');
    expect((await chats.require(chatId)).lastMessage?.delivery).toBe('read');
    expect(await events.last()).toBe(2);
  });

  it('edits and revokes, and what is revoked stays so', async () => {
    const { messages, chats } = openTenant(db);
    const { chatId } = await messages.recordMessage({ chat: customer(), message: incoming({ stanzaId: 'IN1' }) });
    const ref = { chatId, direction: 'in', stanzaId: 'IN1' } as const;
    expect((await messages.editMessage({ ...ref, text: 'Corrigido' })).changed).toBe(true);
    expect(await messages.find(ref)).toMatchObject({ text: 'Corrigido', edited: true });
    expect((await messages.revokeMessage(ref)).changed).toBe(true);
    expect((await messages.editMessage({ ...ref, text: 'Outra vez' })).changed).toBe(false);
    expect(await messages.find(ref)).toMatchObject({ kind: 'revoked', text: '' });
    expect((await chats.require(chatId)).lastMessage).toMatchObject({ kind: 'revoked', text: '' });
  });
});
