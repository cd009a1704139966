import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { incoming, openTenant, outgoing } from '../../test-support/tenants.ts';
import type { Contact } from './contact.ts';
import { number, withoutNinth, lid, start, twoChats, contact, ref, send, suggest, idsOf } from './merge-fixture.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

describe('one person', () => {
  it('has one chat, as number, without the ninth digit and as hidden id, in whatever order the ids are learned', async () => {
    const { chats, messages } = openTenant(db);
    const ids: Contact['waIds'][] = [[number], [withoutNinth], [lid, number], [lid], [withoutNinth, lid]];
    const stored = [];
    for (const [i, waIds] of ids.entries())
      stored.push(await messages.recordMessage({ chat: contact(waIds), message: incoming({ sentAt: start + i }) }));
    expect(new Set(stored.map(({ chatId }) => chatId)).size).toBe(1);
    const { items } = await chats.page({ limit: 10 });
    expect(items).toMatchObject([{ waIds: [withoutNinth, lid], unread: 5, primaryWaId: withoutNinth }]);
    expect(await idsOf(messages, stored[0]!.chatId)).toEqual(stored.map(({ messageId }) => messageId));
  });

  it('loses a number to who is told with it last, and is written to under the hidden id from then on', async () => {
    const { chats, messages } = openTenant(db);
    const before = await messages.recordMessage({ chat: contact([number, lid]), message: incoming() });
    await chats.upsertContact({ ...contact([number, lid]), phone: '5511987654321' });
    const after = await messages.recordMessage({ chat: contact([number, '999@lid'], 'Caio'), message: incoming() });
    expect(after.chatId).not.toBe(before.chatId);
    expect(await chats.get(before.chatId)).toMatchObject({ waIds: [lid], primaryWaId: lid, name: 'Bia' });
    expect((await chats.get(before.chatId))?.phone).toBeUndefined();
    expect(await chats.resolvePeer([withoutNinth])).toBe(after.chatId);
    expect(await chats.resolvePeer([lid])).toBe(before.chatId);
  });
});

describe('two chats that turn out to be one', () => {
  it('are merged by the message that tells it, which loses no message and moves none', async () => {
    const tenant = openTenant(db);
    const { older, newer, ids } = await twoChats(tenant);
    const message = incoming({ sentAt: start + 50 });
    const told = await tenant.messages.recordMessage({ chat: contact([lid, number]), message });
    expect(told).toMatchObject({ stored: true, chatId: older });
    const all = [...ids, told.messageId];
    expect(await idsOf(tenant.messages, older)).toEqual(all);
    // Its old address goes on to work, and shows the whole.
    expect(await idsOf(tenant.messages, newer)).toEqual(all);
    expect(await tenant.chats.page({ limit: 10 })).toMatchObject({
      items: [{ id: older, merged: [{ id: newer, name: 'Oculta' }], unread: 5, lastMessage: { id: told.messageId } }],
    });
    const again = await tenant.messages.recordMessage({ chat: contact([lid, number]), message });
    expect(again).toMatchObject({ stored: false, messageId: told.messageId });
    const { items } = await tenant.messages.page({ chatId: older, limit: 50 });
    expect(new Set(items.map(({ chatId }) => chatId))).toEqual(new Set([older]));
  });

  it('show a message once that WhatsApp told under both ids, on every page', async () => {
    const tenant = openTenant(db);
    const message = incoming();
    const first = await tenant.messages.recordMessage({ chat: contact([number]), message });
    for (const sentAt of [start, start, start + 1])
      await tenant.messages.recordMessage({ chat: contact([lid]), message: incoming({ sentAt }) });
    const copy = await tenant.messages.recordMessage({ chat: contact([lid]), message });
    expect(copy.stored).toBe(true);
    await tenant.chats.merge([copy.chatId, first.chatId]);
    const shown = await idsOf(tenant.messages, first.chatId, 1);
    expect(shown).toHaveLength(4);
    expect(shown).toContain(first.messageId);
    expect(shown).not.toContain(copy.messageId);
    await tenant.messages.editMessage({ ...ref(copy.chatId, message.stanzaId), text: 'Novo' });
    expect(await tenant.messages.get(first.chatId, first.messageId)).toMatchObject({ text: 'Novo', edited: true });
  });

  it('take ticks, edits and reading for one chat', async () => {
    const tenant = openTenant(db);
    const { older, newer } = await twoChats(tenant);
    const sent = outgoing({ sentAt: start + 20 });
    const { messageId } = await tenant.messages.recordMessage({ chat: contact([lid]), message: sent });
    await tenant.chats.merge([older, newer]);
    const seq = await tenant.events.last();
    const target = { chatId: older, stanzaId: sent.stanzaId, direction: 'out' } as const;
    expect(await tenant.messages.updateDelivery({ ...target, delivery: 'read' })).toEqual({
      found: true,
      changed: true,
    });
    expect(await tenant.chats.get(older)).toMatchObject({ lastMessage: { id: messageId, delivery: 'read' } });
    await tenant.messages.recordMessage({ chat: contact([lid]), message: incoming({ sentAt: start + 30 }) });
    expect(await tenant.chats.markRead(newer)).toMatchObject({ changed: true, chat: { id: older, unread: 0 } });
    const { items } = await tenant.events.after(seq);
    expect(items.map(({ ids }) => 'chatId' in ids && ids.chatId)).toEqual([older, older, older]);
  });

  it('keep what is on its way out, once, and the suggestion that answers the newest message', async () => {
    const tenant = openTenant(db);
    const { older, newer, ids } = await twoChats(tenant);
    const { id } = await tenant.commands.create({ command: send(newer, 'Oi'), idempotencyKey: 'key-00000001' });
    for (const chatId of [older, newer]) await tenant.chats.setAssistantMode(chatId, 'suggest');
    const late = await suggest(tenant, older, ids[2]!);
    const open = await suggest(tenant, newer, ids[3]!);
    await tenant.chats.merge([older, newer]);

    const { chatIds } = await tenant.messages.page({ chatId: newer, limit: 1 });
    expect(await tenant.commands.outgoingOf(...chatIds)).toMatchObject([{ id, chatId: older, text: 'Oi' }]);
    const repeated = { command: send(newer, 'Oi'), idempotencyKey: 'key-00000001' };
    expect(await tenant.commands.create(repeated)).toEqual({ id, existing: true });
    expect(await tenant.commands.open()).toHaveLength(1);
    expect(await tenant.suggestions.get(late)).toMatchObject({ state: 'superseded' });
    expect(await tenant.suggestions.list({ state: 'pending' })).toMatchObject([{ id: open, chatId: older }]);
    expect((await tenant.suggestions.list({ chatId: older })).map((one) => one.id).toSorted()).toEqual(
      [late, open].toSorted(),
    );
    // What the owner sends by hand overtakes it as everywhere.
    await tenant.messages.recordMessage({
      chat: contact([lid]),
      message: outgoing({ sentAt: start + 40, commandId: id }),
    });
    expect(await tenant.suggestions.get(open)).toMatchObject({ state: 'superseded' });
    expect(await tenant.commands.outgoingOf(...chatIds)).toEqual([]);
    expect((await tenant.commands.get(id))?.state).toBe('SENT');
  });

  it('are merged once, by however many at the same time', async () => {
    const one = openTenant(db);
    const two = openTenant(db, { userId: one.userId });
    const { older, newer } = await twoChats(one);
    const seq = await one.events.last();
    await Promise.all([one, two, one, two].map((tenant) => tenant.chats.merge([newer, older])));
    expect((await one.events.after(seq)).items).toHaveLength(1);
    expect(await one.chats.merge([newer])).toMatchObject({ id: older, merged: [{ id: newer }] });
  });

  it('are not merged when they can only be two people', async () => {
    const tenant = openTenant(db);
    const one = await tenant.chats.upsertContact(contact([lid]));
    const two = await tenant.chats.upsertContact(contact(['999@lid']));
    expect(await tenant.chats.merge([one.chatId, two.chatId])).toMatchObject({ id: one.chatId });
    expect((await tenant.chats.page({ limit: 10 })).items).toHaveLength(2);
    await expect(tenant.chats.merge([one.chatId, '01ARZ3NDEKTSV4RRFFQ69G5FAV'])).resolves.toMatchObject({
      id: one.chatId,
    });
    await expect(tenant.chats.merge(['01ARZ3NDEKTSV4RRFFQ69G5FAV'])).rejects.toMatchObject({ code: 'chat_not_found' });
  });

  it('may be merged into a third: every old address leads to the whole', async () => {
    const tenant = openTenant(db);
    const third = await tenant.messages.recordMessage({ chat: contact(['5521987654321@c.us']), message: incoming() });
    const { older, newer, ids } = await twoChats(tenant);
    await tenant.chats.merge([older, newer]);
    await tenant.chats.upsertContact(contact([lid, '5521987654321@c.us']));
    for (const chatId of [third.chatId, older, newer])
      expect(await idsOf(tenant.messages, chatId, 2)).toEqual([third.messageId, ...ids].toSorted());
    expect((await tenant.chats.get(older))?.merged?.map(({ id }) => id)).toEqual([older, newer]);
    const [whole, out] = await tenant.chats.unmerge(third.chatId, older);
    expect([whole.merged?.map(({ id }) => id), out.id]).toEqual([[newer], older]);
    expect(await idsOf(tenant.messages, older)).toEqual(ids.filter((_, i) => i % 2 === 0));
  });
});
