import type { MessageId } from '@top-active/core/contracts';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { incoming, openTenant, outgoing } from '../../test-support/tenants.ts';
import { number, withoutNinth, lid, start, twoChats, contact, suggest, idsOf } from './merge-fixture.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

describe('a wrong merge', () => {
  it('is undone with all that came since, and never made again', async () => {
    const tenant = openTenant(db);
    const { older, newer, ids } = await twoChats(tenant);
    const before = [await tenant.chats.get(older), await tenant.chats.get(newer)];
    await tenant.chats.merge([older, newer]);
    const [whole, out] = await tenant.chats.unmerge(older, newer);
    expect([whole, out]).toEqual(before.map((chat, i) => ({ ...chat, apartFrom: [i === 0 ? newer : older] })));
    expect(await tenant.chats.unmerge(older, newer)).toEqual([whole, out]);

    // WhatsApp goes on telling both ids as one: the one in use decides.
    const [byNumber, byLid] = [
      await tenant.messages.recordMessage({ chat: contact([number, lid]), message: incoming({ sentAt: start + 60 }) }),
      await tenant.messages.recordMessage({ chat: contact([lid, number]), message: incoming({ sentAt: start + 61 }) }),
    ];
    expect([byNumber.chatId, byLid.chatId]).toEqual([older, newer]);
    expect(await idsOf(tenant.messages, older)).toEqual([...ids.filter((_, i) => i % 2 === 0), byNumber.messageId]);
    expect(await idsOf(tenant.messages, newer)).toEqual([...ids.filter((_, i) => i % 2 === 1), byLid.messageId]);
  });

  it('gives back what was told of either since: messages, ids, unread and the pending suggestion', async () => {
    const tenant = openTenant(db);
    const { older, newer } = await twoChats(tenant);
    await tenant.chats.merge([older, newer]);
    await tenant.chats.setAssistantMode(older, 'suggest');
    await tenant.messages.recordMessage({ chat: contact([number]), message: outgoing({ sentAt: start + 70 }) });
    const late = await tenant.messages.recordMessage({
      chat: contact([lid, '5531987654321@c.us']),
      message: incoming({ sentAt: start + 71 }),
    });
    const open = await suggest(tenant, older, late.messageId);
    const [whole, out] = await tenant.chats.unmerge(older, newer);
    expect(whole).toMatchObject({ waIds: [withoutNinth], primaryWaId: number, name: 'Bia', unread: 0 });
    expect(out).toMatchObject({ waIds: [lid, '553187654321@c.us'], primaryWaId: lid, name: 'Oculta', unread: 1 });
    expect(out.lastInboundId).toBe(late.messageId);
    expect(await tenant.suggestions.get(open)).toMatchObject({ state: 'pending', chatId: newer });
    expect(await tenant.chats.resolvePeer(['5531987654321@c.us'])).toBe(newer);
  });

  it('that was none is made again when the owner wants it, and only then', async () => {
    const tenant = openTenant(db);
    const { older, newer, ids } = await twoChats(tenant);
    await expect(tenant.chats.rejoin(older, newer)).rejects.toMatchObject({ code: 'conflict' });
    await tenant.chats.merge([older, newer]);
    await tenant.chats.unmerge(older, newer);
    expect(await tenant.chats.merge([older, newer])).not.toHaveProperty('merged');
    const whole = await tenant.chats.rejoin(newer, older);
    expect(whole).toMatchObject({ id: older, merged: [{ id: newer }], apartFrom: [] });
    expect(await tenant.chats.rejoin(older, newer)).toEqual(whole);
    expect(await idsOf(tenant.messages, newer)).toEqual(ids);
    const told = await tenant.messages.recordMessage({
      chat: contact([lid, number]),
      message: incoming({ sentAt: start + 80 }),
    });
    expect(told.chatId).toBe(older);
  });

  it('is none of a chat that was never merged', async () => {
    const tenant = openTenant(db);
    const { older, newer } = await twoChats(tenant);
    await expect(tenant.chats.unmerge(older, newer)).rejects.toMatchObject({ code: 'chat_not_found' });
  });
});

describe('pages of merged chats', () => {
  const arrival = fc.record({ part: fc.nat({ max: 2 }), second: fc.nat({ max: 4 }), copy: fc.boolean() });

  it('have every message once and in order, both ways, whatever lies in which chat', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arrival, { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 1, max: 5 }),
        async (arrivals, limit) => {
          const tenant = openTenant(db);
          const contacts = [contact([number]), contact([lid]), contact(['5521987654321@c.us'])];
          const parts = await Promise.all(contacts.map(async (one) => (await tenant.chats.upsertContact(one)).chatId));
          const stanzas = new Set<string>();
          for (const { part, second, copy } of arrivals) {
            const message = incoming({ sentAt: start + second });
            stanzas.add(message.stanzaId);
            for (const to of copy ? [part, (part + 1) % 3] : [part])
              await tenant.messages.recordMessage({ chat: contacts[to]!, message });
          }
          const { id } = await tenant.chats.merge([parts[0]!, ...parts.slice(1)]);
          const down = await idsOf(tenant.messages, id, limit);
          const { items } = await tenant.messages.page({ chatId: id, limit: 50 });
          expect(items.map(({ stanzaId }) => stanzaId).toSorted()).toEqual([...stanzas].toSorted());
          expect(down).toEqual(items.map((one) => one.id));
          expect(down).toEqual(down.toSorted());
          const up: MessageId[] = [];
          for (let after: MessageId | undefined = '0000000000000-0'; after;) {
            const page = await tenant.messages.page({ chatId: id, after, limit });
            up.push(...page.items.map((one) => one.id));
            after = page.after;
          }
          expect(up).toEqual(down);
        },
      ),
      { numRuns: 12 },
    );
  });
});

/** Ana wrote twice from her number, and in between twice as somebody without one. */
