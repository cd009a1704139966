import { randomUUID } from 'node:crypto';
import { serverFrameSchema, type ServerFrame } from '@top-active/core/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { customer, incoming, openTenant } from '../../test-support/tenants.ts';
import { createPlacements } from '../leases/placements.ts';
import { createClients } from '../calls/clients.ts';
import { createItemStore } from '../items/dynamodb-item-store.ts';
import { keys } from '../items/keys.ts';
import type { Realtime } from '../events/realtime.ts';
import { ticketUserId } from './tickets.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

describe('chats', () => {
  it('are paged by activity, newest first, complete and without repetition', async () => {
    const { messages, chats } = openTenant(db);
    const expected: string[] = [];
    for (let i = 0; i < 25; i++) {
      const message = incoming({ sentAt: 1_790_000_000 + (i >> 1) });
      const { chatId } = await messages.recordMessage({ chat: customer(`55119870000${i + 10}@c.us`), message });
      expected.unshift(chatId);
    }
    const found: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await chats.page({ cursor, limit: 7 });
      found.push(...page.items.map(({ id }) => id));
      cursor = page.next;
      if (!cursor) break;
    }
    expect(found).toEqual(expected);
  });

  it.each(['x', '', 'MjAyNi0wOS0yMVQxNDoxMzoyMC4wMDBaIw', Buffer.from('a#b').toString('base64url')])(
    'refuse the forged cursor %j',
    async (cursor) => {
      await expect(openTenant(db).chats.page({ cursor, limit: 7 })).rejects.toMatchObject({
        code: 'invalid_request',
        errors: [{ field: 'cursor' }],
      });
    },
  );

  it('take over what WhatsApp tells of a contact, and write only changes', async () => {
    const { chats, events } = openTenant(db);
    const made = await chats.upsertContact(customer());
    expect(made.created).toBe(true);
    expect(await chats.upsertContact(customer())).toEqual({ chatId: made.chatId, created: false });
    expect(await events.last()).toBe(1);
    await chats.upsertContact({ ...customer(), name: 'Beatriz', phone: '5511987654321', unread: 3 });
    await chats.upsertContact({ ...customer(), name: '' });
    expect(await chats.require(made.chatId)).toMatchObject({ name: 'Beatriz', phone: '5511987654321', unread: 3 });
  });

  it('keep their place in the list when they are read or switched', async () => {
    const { chats, messages } = openTenant(db);
    const { chatId } = await messages.recordMessage({ chat: customer(), message: incoming() });
    const { updatedAt } = await chats.require(chatId);
    await chats.markRead(chatId);
    await chats.setAssistantMode(chatId, 'suggest');
    expect(await chats.require(chatId)).toMatchObject({ updatedAt, unread: 0, assistantMode: 'suggest' });
  });
});

describe('tickets', () => {
  it('are good once, for 30 seconds, for one connection of their user', async () => {
    let now = Date.UTC(2026, 10, 1);
    const tenant = openTenant(db, { now: () => now });
    const { ticket, expiresAt } = await tenant.tickets.issue({ sessionId: 's1' });
    expect(expiresAt).toBe('2026-11-01T00:00:30.000Z');
    expect(ticketUserId(ticket)).toBe(tenant.userId);
    expect(ticketUserId(`${ticket}x`)).toBeUndefined();
    expect(await openTenant(db).tickets.give(ticket, 'c1')).toBeUndefined();
    const given = await Promise.all(['c1', 'c2', 'c3'].map((connection) => tenant.tickets.give(ticket, connection)));
    expect(given.filter((one) => one !== undefined)).toEqual([{ sessionId: 's1' }]);
    const holder = `c${given.findIndex((one) => one !== undefined) + 1}`;
    const uses = await Promise.all(Array.from({ length: 5 }, () => tenant.tickets.consume(ticket, holder)));
    expect(uses.filter((use) => use !== undefined)).toEqual([{ sessionId: 's1' }]);
  });

  it('are lost where another connection, or none, was given them, and when they are late', async () => {
    let now = Date.UTC(2026, 10, 1);
    const { tickets } = openTenant(db, { now: () => now });
    const stolen = await tickets.issue({ sessionId: 's1' });
    await tickets.give(stolen.ticket, 'c1');
    expect(await tickets.consume(stolen.ticket, 'c2')).toBeUndefined();
    const skipped = await tickets.issue({ sessionId: 's1' });
    expect(await tickets.consume(skipped.ticket, 'c1')).toBeUndefined();
    const late = await tickets.issue({ sessionId: 's1' });
    now += 30_000;
    expect(await tickets.give(late.ticket, 'c1')).toBeUndefined();
  });
});

describe('hints', () => {
  it('reach every open page in order, and forget those that are gone', async () => {
    const pushed: { connectionId: string; frame: ServerFrame }[] = [];
    const realtime: Realtime = {
      push: (connectionId, frame) => {
        if (connectionId === 'gone') return Promise.resolve('gone');
        if (connectionId === 'broken') return Promise.reject(new Error('Connection reset'));
        pushed.push({ connectionId, frame });
        return Promise.resolve('sent');
      },
      disconnect: () => Promise.resolve(),
    };
    const warnings: string[] = [];
    const log = { debug: noLog, info: noLog, warn: (line: string) => void warnings.push(line), error: noLog };
    const tenant = openTenant(db, { realtime, log });
    for (const connectionId of ['one', 'gone', 'broken', 'two'])
      await tenant.connections.add({ connectionId, sessionId: 's1' });
    await tenant.profile.create({ email: 'ana@example.com', name: 'Ana', locale: 'pt-BR' });
    await tenant.profile.update({ name: 'Ana Maria' });
    const seqs = (id: string) =>
      pushed.flatMap(({ connectionId, frame }) =>
        connectionId === id && serverFrameSchema.parse(frame).type === 'hint' && frame.type === 'hint'
          ? [frame.event.seq]
          : [],
      );
    expect([seqs('one'), seqs('two')]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const open = await tenant.connections.list();
    expect(open.map(({ connectionId }) => connectionId).toSorted()).toEqual(['broken', 'one', 'two']);
    expect(warnings).toEqual(['Hint was not delivered', 'Hint was not delivered']);
  });
});

describe('profile', () => {
  it('begins with the defaults, is kept when made again, and changes field by field', async () => {
    const { profile, userId } = openTenant(db);
    expect(await profile.get()).toBeUndefined();
    await expect(profile.update({ name: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    const me = await profile.create({ email: 'ana@example.com', name: 'Ana', locale: 'pt-BR' });
    expect(me).toMatchObject({ id: userId, timeZone: 'America/Sao_Paulo', appointmentMinutes: 60 });
    expect(await profile.create({ email: 'other@example.com', name: 'Eva', locale: 'en' })).toEqual(me);
    expect(await profile.update({ about: 'Terapia', name: undefined })).toEqual({ ...me, about: 'Terapia' });
  });

  it('keeps which notice was accepted when, also for profiles of before', async () => {
    let now = Date.UTC(2026, 10, 1);
    const { profile, items, events } = openTenant(db, { now: () => now });
    await expect(profile.acceptLinkNotice(1)).rejects.toMatchObject({ code: 'not_found' });
    const { linkNotices, ...before } = await profile.create({ email: 'ana@example.com', name: 'Ana', locale: 'pt-BR' });
    expect(linkNotices).toEqual([]);
    await items.write({ kind: 'put', sk: keys.profile, item: before });
    const first = { version: 1, acceptedAt: '2026-11-01T00:00:00.000Z' };
    expect((await profile.acceptLinkNotice(1)).linkNotices).toEqual([first]);
    now += 60_000;
    expect((await profile.acceptLinkNotice(1)).linkNotices).toEqual([first]);
    expect(await events.last()).toBe(2);
    const both = [first, { version: 2, acceptedAt: '2026-11-01T00:01:00.000Z' }];
    expect((await profile.acceptLinkNotice(2)).linkNotices).toEqual(both);
    expect((await profile.update({ name: 'Ana Souza' })).linkNotices).toEqual(both);
  });
});

describe('usage', () => {
  it('adds up within a month', async () => {
    const { usage } = openTenant(db, { now: () => Date.UTC(2026, 10, 30) });
    await Promise.all(Array.from({ length: 10 }, () => usage.add({ inputTokens: 3, outputTokens: 2 })));
    expect(await usage.get()).toEqual({ inputTokens: 30, outputTokens: 20, requests: 10 });
    expect(await usage.get('2026-12')).toEqual({ inputTokens: 0, outputTokens: 0, requests: 0 });
  });
});

/** As they lie in the table, whatever is sealed in them. */
function openItems(now = Date.now) {
  const userId = randomUUID();
  return { userId, items: createItemStore({ client: db.client, table: 'items', userId, now }) };
}

describe('items', () => {
  it('that have expired are absent, swept or not', async () => {
    let now = 1_000_000;
    const { items } = openItems(() => now);
    const schema = z.object({ sk: z.string() });
    await items.write({ kind: 'put', sk: 'X#1', item: { expiresAt: 1001 } });
    await items.write({ kind: 'put', sk: 'X#2', item: {} });
    expect(await items.query({ prefix: 'X#', limit: 2 }, schema)).toHaveLength(2);
    now = 1_001_000;
    expect(await items.get('X#1', schema)).toBeUndefined();
    expect(await items.getMany(['X#1', 'X#2', 'X#3'], schema)).toEqual([{ sk: 'X#2' }]);
    expect(await items.query({ prefix: 'X#' }, schema)).toEqual([{ sk: 'X#2' }]);
    expect(await items.take('X#1', schema)).toBeUndefined();
  });

  it('stay within the partition of their user, whatever they contain', async () => {
    const [mine, neighbour] = [openItems(), openItems()];
    const forged = { pk: `USER#${neighbour.userId}`, sk: 'PROFILE', name: 'Mallory' };
    await mine.items.write({ kind: 'put', sk: 'X', item: forged });
    await mine.items.transact([{ kind: 'put', sk: 'Y', item: forged }]);
    expect(await neighbour.items.query({ prefix: '' }, z.unknown())).toEqual([]);
    expect(await mine.items.get('Y', z.object({ pk: z.string(), sk: z.string() }))).toEqual({
      pk: `USER#${mine.userId}`,
      sk: 'Y',
    });
  });

  it('are read in batches beyond a hundred and in the order asked', async () => {
    const { items } = openItems();
    const sks = Array.from({ length: 130 }, (_, i) => `B#${String(i).padStart(3, '0')}`);
    await Promise.all(sks.map((sk) => items.write({ kind: 'put', sk, item: {} })));
    const asked = [...sks.toReversed(), 'B#none', 'B#000'];
    const found = await items.getMany(asked, z.object({ sk: z.string() }));
    expect(found.map(({ sk }) => sk)).toEqual([...sks.toReversed(), 'B#000']);
  });

  it('are written only where the condition holds', async () => {
    const { items } = openItems();
    expect(await items.write({ kind: 'put', sk: 'C', item: { n: 1 }, condition: 'absent' })).toBe(true);
    expect(await items.write({ kind: 'put', sk: 'C', item: { n: 2 }, condition: 'absent' })).toBe(false);
    const update = { kind: 'update', sk: 'C', set: { n: 3 }, remove: ['x'], add: { m: 2 } } as const;
    expect(await items.write({ ...update, condition: { n: 2 } })).toBe(false);
    expect(await items.write({ ...update, condition: { n: 1, x: undefined } })).toBe(true);
    expect(await items.get('C', z.object({ n: z.number(), m: z.number() }))).toEqual({ n: 3, m: 2 });
    await expect(
      items.transact([
        { kind: 'check', sk: 'C', condition: { n: 3 } },
        { kind: 'put', sk: 'D', item: {}, condition: 'present' },
      ]),
    ).rejects.toMatchObject({ name: 'TransactionRefused', reasons: ['none', 'condition'] });
  });
});

describe('placements', () => {
  it('list the users of a shard until they are released', async () => {
    const placements = createPlacements(
      { ...createClients(), dynamodb: db.client },
      { table: 'placements', shards: 4 },
    );
    const users = Array.from({ length: 20 }, () => randomUUID());
    const shards = await Promise.all(users.map((userId) => placements.assign(userId)));
    await placements.assign(users[0] ?? '');
    const listed = await Promise.all([0, 1, 2, 3].map((shard) => placements.list(shard)));
    for (const [shard, list] of listed.entries())
      expect(list.toSorted()).toEqual(users.filter((_, i) => shards[i] === shard).toSorted());
    await placements.release(users[0] ?? '');
    expect(await placements.list(shards[0] ?? 0)).not.toContain(users[0]);
  });
});

function noLog(): void {
  // Nothing to see.
}
