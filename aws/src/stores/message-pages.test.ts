import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { customer, incoming, openTenant } from '../../test-support/tenants.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const second = 1_790_000_000;

describe('paging', () => {
  it('reads 200 messages both ways, complete and without repetition', { timeout: 120_000 }, async () => {
    const { messages } = openTenant(db);
    const ids: string[] = [];
    let chatId = '';
    for (let i = 0; i < 200; i++) {
      const message = incoming({ sentAt: second + Math.floor(i / 7) });
      const recorded = await messages.recordMessage({ chat: customer(), message });
      chatId = recorded.chatId;
      ids.push(recorded.messageId);
    }
    const backwards: string[] = [];
    let page = await messages.page({ chatId, limit: 8 });
    expect(page.after).toBeUndefined();
    const visited = [page];
    for (backwards.unshift(...page.items.map(({ id }) => id)); page.before;) {
      page = await messages.page({ chatId, before: page.before, limit: 8 });
      visited.push(page);
      backwards.unshift(...page.items.map(({ id }) => id));
    }
    expect(backwards).toEqual(ids);
    const forwards = page.items.map(({ id }) => id);
    while (page.after) {
      page = await messages.page({ chatId, after: page.after, limit: 8 });
      forwards.push(...page.items.map(({ id }) => id));
    }
    expect(forwards).toEqual(ids);
    expect(visited.slice(1).every(({ after }) => after !== undefined)).toBe(true);
  });

  it('answers fewer messages when they are very long, and misses none', async () => {
    const { messages, chats } = openTenant(db);
    const ids: string[] = [];
    let chatId = '';
    for (let i = 0; i < 40; i++) {
      const message = incoming({ sentAt: second + i, text: 'ã'.repeat(65_536) });
      const recorded = await messages.recordMessage({ chat: customer(), message });
      chatId = recorded.chatId;
      ids.push(recorded.messageId);
    }
    const newest = await messages.page({ chatId, limit: 100 });
    expect(JSON.stringify(newest).length).toBeLessThan(5_000_000);
    const older = await messages.page({ chatId, before: newest.before, limit: 100 });
    expect([...older.items, ...newest.items].map(({ id }) => id)).toEqual(ids);
    const oldest = await messages.page({ chatId, limit: 100, after: '0000000000000-A' });
    expect(oldest.items[0]?.id).toBe(ids[0]);
    expect(oldest.after).toBe(oldest.items.at(-1)?.id);
    expect((await chats.require(chatId)).lastMessage?.text).toHaveLength(300);
  });

  it.each([
    ['before', { before: 'x' }],
    ['after', { after: '1790000000000' }],
    ['after', { after: '1790000000000-A', before: '1790000000000-A' }],
  ])('refuses a forged cursor, naming %s', async (field, cursors) => {
    const { messages } = openTenant(db);
    const { chatId } = await messages.recordMessage({ chat: customer(), message: incoming() });
    await expect(messages.page({ chatId, limit: 10, ...cursors })).rejects.toMatchObject({
      code: 'invalid_request',
      status: 400,
      errors: [{ field, remedy: expect.any(String) }],
    });
  });

  it("finds no neighbour's chat", async () => {
    const { chatId } = await openTenant(db).messages.recordMessage({ chat: customer(), message: incoming() });
    const neighbour = openTenant(db);
    const refusal = { code: 'chat_not_found', status: 404 };
    await expect(neighbour.messages.page({ chatId, limit: 10 })).rejects.toMatchObject(refusal);
    await expect(neighbour.chats.require(chatId)).rejects.toMatchObject(refusal);
    await expect(neighbour.chats.markRead(chatId)).rejects.toMatchObject(refusal);
    await expect(neighbour.chats.setAssistantMode(chatId, 'suggest')).rejects.toMatchObject(refusal);
    expect(await neighbour.events.last()).toBe(0);
  });
});
