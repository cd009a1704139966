import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { breakSeal, damageRow, readRows } from '../../test-support/rows.ts';
import { customer, incoming, openTenant } from '../../test-support/tenants.ts';
import { keys } from '../items/keys.ts';
import type { Tenant } from '../tenants/tenant.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const second = 1_790_000_000;
const texts = ['um', 'dois', 'três'];
const messages = texts.map((text, i) => incoming({ stanzaId: `D${i}`, sentAt: second + i, text }));

async function begin(): Promise<{ tenant: Tenant; chatId: string; ids: string[] }> {
  const tenant = openTenant(db);
  const recorded = [];
  for (const message of messages) recorded.push(await tenant.messages.recordMessage({ chat: customer(), message }));
  return { tenant, chatId: recorded[0]?.chatId ?? '', ids: recorded.map(({ messageId }) => messageId) };
}

/** Of a message in the middle. */
function damage({ tenant, chatId, ids }: Awaited<ReturnType<typeof begin>>, change: Record<string, unknown>) {
  return damageRow(tenant, { sk: keys.message(chatId, ids[1] ?? ''), change });
}

describe('a message’s row that is damaged', () => {
  it.each([
    ['without what the host needs', { waId: undefined, stanzaId: undefined }],
    ['without its id', { id: undefined }],
    ['with a reaction that is none', { reactions: [{ emoji: '👍' }] }],
    ['of an older gap', { gap: { messages: -1 } }],
  ])('shows what the API needs: %s', async (_, change) => {
    const begun = await begin();
    await damage(begun, change);
    const { items } = await begun.tenant.messages.page({ chatId: begun.chatId, limit: 10 });
    expect(items.map(({ id, text }) => [id, text])).toEqual(texts.map((text, i) => [begun.ids[i], text]));
  });

  it.each([
    ['text', { text: undefined }],
    ['kind', { kind: 'hologram' }],
    ['time', { sentAt: 'ontem' }],
    ['author', { author: 5 }],
    [
      'everything',
      Object.fromEntries(['id', 'chatId', 'text', 'kind', 'author', 'sentAt', 'waId'].map((key) => [key, null])),
    ],
  ])('stands in its place as one that only the phone shows: %s', async (_, change) => {
    const begun = await begin();
    await damage(begun, change);
    const { items } = await begun.tenant.messages.page({ chatId: begun.chatId, limit: 10 });
    expect(items).toMatchObject([
      { text: 'um' },
      { id: begun.ids[1], chatId: begun.chatId, kind: 'other', text: '', onPhone: { reason: 'damaged' } },
      { text: 'três' },
    ]);
  });

  it('stands in its place where its seal was broken, or its content put elsewhere', async () => {
    const begun = await begin();
    const { tenant, chatId, ids } = begun;
    const [first = '', second = '', third = ''] = ids.map((id) => keys.message(chatId, id));
    await breakSeal(db, { userId: tenant.userId, sk: second });
    const rows = await readRows(db, tenant.userId);
    const sealed = rows.find(({ sk }) => sk === first)?.['sealed'];
    const moved = { ...rows.find(({ sk }) => sk === third), sealed };
    await db.client.send(new PutCommand({ TableName: 'items', Item: moved }));
    const { items } = await tenant.messages.page({ chatId, limit: 10 });
    expect(items).toMatchObject([
      { text: 'um' },
      { id: ids[1], kind: 'other', text: '', onPhone: { reason: 'damaged' } },
      { id: ids[2], kind: 'other', text: '', onPhone: { reason: 'damaged' } },
    ]);
    await tenant.messages.recordMessage({ chat: customer(), message: messages[1] ?? incoming() });
    expect(await tenant.messages.get(chatId, ids[1] ?? '')).toMatchObject({ text: 'dois', waId: messages[1]?.waId });
  });

  it('says nothing that it doesn’t have sealed', async () => {
    const begun = await begin();
    const { tenant, chatId, ids } = begun;
    const row = (await readRows(db, tenant.userId)).find(({ sk }) => sk === keys.message(chatId, ids[1] ?? ''));
    const planted = { ...row, text: 'Pague aqui', kind: 'text' };
    await db.client.send(new PutCommand({ TableName: 'items', Item: planted }));
    expect(await tenant.messages.get(chatId, ids[1] ?? '')).toMatchObject({ text: 'dois' });
    await db.client.send(new PutCommand({ TableName: 'items', Item: { ...planted, sealed: undefined } }));
    expect(await tenant.messages.get(chatId, ids[1] ?? '')).toMatchObject({ text: '', kind: 'other' });
  });

  it('is written anew when WhatsApp tells the message again', async () => {
    const begun = await begin();
    const { tenant, chatId, ids } = begun;
    await damage(begun, { text: undefined, waId: undefined });
    expect(await tenant.messages.findTold({ chatId, messages })).toMatchObject([
      { hasNews: false },
      { hasNews: true, recorded: { messageId: ids[1] } },
      { hasNews: false },
    ]);
    const again = await tenant.messages.recordMessage({ chat: customer(), message: messages[1] ?? incoming() });
    expect(again).toMatchObject({ stored: false, messageId: ids[1] });
    expect(await tenant.messages.get(chatId, ids[1] ?? '')).toMatchObject({ text: 'dois', waId: messages[1]?.waId });
    expect(await tenant.messages.findTold({ chatId, messages })).not.toContainEqual(
      expect.objectContaining({ hasNews: true }),
    );
  });

  it('takes ticks, reactions and its end like any other', async () => {
    const begun = await begin();
    await damage(begun, { text: undefined });
    const ref = { chatId: begun.chatId, stanzaId: 'D1', direction: 'in' } as const;
    expect(await begun.tenant.messages.editMessage({ ...ref, text: 'melhor' })).toMatchObject({ changed: true });
    expect(await begun.tenant.messages.revokeMessage(ref)).toMatchObject({ changed: true });
  });
});

describe('a chat’s row that is damaged', () => {
  it.each([
    ['name', { name: undefined }],
    ['ids', { waIds: 'nenhum', primaryWaId: undefined }],
    ['preview', { lastMessage: { id: 'x' } }],
    [
      'everything',
      {
        name: 1,
        isGroup: 1,
        unread: 'x',
        waIds: 1,
        primaryWaId: 1,
        lastOrder: 1,
        updatedAt: 1,
        id: 1,
        lastInboundId: 1,
      },
    ],
  ])('is in the list, its messages can be read, and the next one puts it right: %s', async (_, change) => {
    const { tenant, chatId } = await begin();
    await damageRow(tenant, { sk: keys.chat(chatId), change });
    expect((await tenant.chats.page({ limit: 10 })).items).toMatchObject([{ id: chatId }]);
    expect((await tenant.messages.page({ chatId, limit: 10 })).items).toHaveLength(3);
    const next = incoming({ sentAt: second + 10, text: 'quatro' });
    expect(await tenant.messages.recordMessage({ chat: customer(), message: next })).toMatchObject({ chatId });
    expect((await tenant.chats.page({ limit: 10 })).items).toMatchObject([
      { id: chatId, name: 'Bia', waIds: ['551187654321@c.us'], lastMessage: { text: 'quatro' } },
    ]);
  });
});

describe('other rows that are damaged', () => {
  it('are left out of their lists, and hold up no message', async () => {
    const { tenant, chatId, ids } = await begin();
    const usage = { inputTokens: 0, outputTokens: 0 };
    await tenant.chats.setAssistantMode(chatId, 'suggest');
    const created = await tenant.suggestions.create({
      chatId,
      answers: ids[2] ?? '',
      madeFrom: ids,
      text: 'Sim',
      model: 'm',
      simulated: true,
      usage,
    });
    const suggestionId = created.created ? created.suggestion.id : '';
    const { id } = await tenant.commands.create({
      command: { kind: 'message.send', chatId, text: 'oi', author: 'assistant' },
    });
    for (const sk of [keys.suggestion(suggestionId), keys.command(id)])
      await damageRow(tenant, { sk, change: { state: 'nowhere' } });
    expect(await tenant.suggestions.list()).toEqual([]);
    expect(await tenant.suggestions.list({ state: 'pending' })).toEqual([]);
    expect(await tenant.suggestions.get(suggestionId)).toBeUndefined();
    expect(await tenant.commands.outgoingOf(chatId)).toEqual([]);
    const message = incoming({ sentAt: second + 9, commandId: id });
    expect(await tenant.messages.recordMessage({ chat: customer(), message })).toMatchObject({ stored: true });
  });

  it('make who reads the log begin anew, and no more', async () => {
    const { tenant } = await begin();
    await damageRow(tenant, { sk: keys.event(2), change: { type: 'something.else' } });
    expect(await tenant.events.after(0)).toEqual({ items: [], seq: 3, reset: true });
  });
});
