import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { countRequests } from '@top-active/aws/test-support/count-requests';
import { startDynamoDb, type TestDynamoDb } from '@top-active/aws/test-support/dynoxide';
import { prefixes } from '@top-active/aws/items/keys';
import { damageRow } from '@top-active/aws/test-support/rows';
import { openTenant } from '@top-active/aws/test-support/tenants';
import { anEngine, catchUp, now, peer, store, stored, text } from './test-inbound.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const hidden = '99887766554433@lid';

describe('catching up', () => {
  it('asks as much of DynamoDB for a hundred messages that are known as for ten', async () => {
    const requests = async (count: number) => {
      const tenant = openTenant(db);
      const page = Array.from({ length: count }, (_, i) => text(`M${i}`, 160 - i));
      await store(tenant, page);
      const counting = countRequests(db);
      await catchUp(tenant, anEngine(page));
      const counts = counting.end();
      expect(await stored(tenant)).toHaveLength(count);
      return counts;
    };
    // The list of chats; the chat, and its messages.
    const few = { QueryCommand: 2, GetItemCommand: 1 };
    expect(await requests(10)).toEqual(few);
    expect(await requests(100)).toEqual(few);
  });

  it('takes over what was edited, deleted and read meanwhile, and asks nothing more once it has', async () => {
    const tenant = openTenant(db);
    const outbound = { fromMe: true, delivery: 'delivered' } as const;
    // Edited at the end of the time for it; deleted and read a day later.
    const before = [text('DELETED', 90_000), text('READ', 86_400, outbound), text('EDITED', 950), text('SAME', 900)];
    await store(tenant, before);
    const page = [
      text('UNWANTED', 100_000, { edited: true }),
      text('DELETED', 90_000, { kind: 'revoked', text: '' }),
      text('READ', 86_400, { ...outbound, delivery: 'read' }),
      text('EDITED', 950, { text: 'melhor assim', edited: true }),
      text('SAME', 900),
    ];
    await catchUp(tenant, anEngine(page));
    // What is older than the link was not wanted then, and isn't now.
    expect(await stored(tenant)).toMatchObject([
      { stanzaId: 'DELETED', kind: 'revoked', text: '' },
      { stanzaId: 'READ', delivery: 'read' },
      { stanzaId: 'EDITED', text: 'melhor assim', edited: true },
      { stanzaId: 'SAME', text: 'SAME', edited: false },
    ]);
    const counting = countRequests(db);
    await catchUp(tenant, anEngine(page));
    expect(counting.end()).toEqual({ QueryCommand: 2, GetItemCommand: 1 });
  });

  it('takes over how the customer reacted meanwhile to the last word, also when that was read long before', async () => {
    const tenant = openTenant(db);
    const confirm = text('CONFIRM', 7_200, { fromMe: true, delivery: 'read' });
    await store(tenant, [confirm]);
    const at = new Date((now - 30) * 1000).toISOString();
    const reactions = [{ author: 'customer', senderId: peer, emoji: '👍', at } as const];
    await catchUp(tenant, anEngine([{ ...confirm, content: { reactions } }]));
    expect(await stored(tenant)).toMatchObject([{ stanzaId: 'CONFIRM', reactions: [{ emoji: '👍' }] }]);
  });

  it('leaves each message once and in its place, whatever of them was stored, and in whatever order WhatsApp tells them', async () => {
    const messages = [100, 50, 50, 50, 20, 10].map((ago, i) => text(`N${i}`, ago));
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(messages, { minLength: 1 }),
        fc.array(fc.constantFrom(...messages), { maxLength: 12 }),
        async (known, told) => {
          const tenant = openTenant(db);
          await store(tenant, known);
          // Whole, or anything that happens to be told twice or late.
          await catchUp(tenant, anEngine([...told, ...messages]));
          const found = (await stored(tenant)).map(({ stanzaId, sentAt }) => ({ stanzaId, sentAt }));
          expect(found.map(({ stanzaId }) => stanzaId).toSorted()).toEqual(messages.map(({ stanzaId }) => stanzaId));
          const times = found.map(({ sentAt }) => sentAt);
          expect(times).toEqual(times.toSorted());
        },
      ),
      { numRuns: 12 },
    );
  });

  it('tells of the gap, with those that an earlier attempt stored before it was interrupted', async () => {
    const tenant = openTenant(db);
    const page = [text('BEFORE', 600), text('FIRST', 50), text('SECOND', 40), text('THIRD', 30)];
    await store(tenant, page.slice(0, 1));
    await catchUp(tenant, anEngine(page.slice(0, 3)));
    await catchUp(tenant, anEngine(page));
    expect((await stored(tenant)).map(({ stanzaId, gap }) => [stanzaId, gap?.messages])).toEqual([
      ['BEFORE', undefined],
      ['FIRST', 3],
      ['SECOND', undefined],
      ['THIRD', undefined],
    ]);
  });

  it('makes one chat of two when WhatsApp tells that they are one person’s, also where nothing else is new', async () => {
    const tenant = openTenant(db);
    const page = [text('NUMBER', 100)];
    await store(tenant, page);
    await store(tenant, [text('HIDDEN', 110)], hidden);
    await catchUp(tenant, anEngine(page, [peer, hidden]));
    expect((await stored(tenant)).map(({ stanzaId }) => stanzaId)).toEqual(['HIDDEN', 'NUMBER']);
  });

  it('writes damaged rows anew', async () => {
    const tenant = openTenant(db);
    const page = [text('ONE', 50), text('TWO', 40)];
    await store(tenant, page);
    const [row] = await tenant.items.query({ prefix: prefixes.message, limit: 1 }, z.object({ sk: z.string() }));
    await damageRow(tenant, { sk: row?.sk ?? '', change: { text: undefined, waId: undefined } });
    expect((await stored(tenant))[0]).toMatchObject({ kind: 'other', onPhone: { reason: 'damaged' } });
    await catchUp(tenant, anEngine(page));
    expect((await stored(tenant))[0]).toMatchObject({ kind: 'text', text: 'ONE', waId: page[0]?.waId });
  });
});
