import { randomUUID } from 'node:crypto';
import { AppError } from '@top-active/core/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { customer, incoming, openTenant } from '../../test-support/tenants.ts';
import type { Tenant } from '../tenants/tenant.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

async function whole(tenant: Tenant) {
  const events = [];
  for (let seq = 0; ;) {
    const page = await tenant.events.after(seq);
    expect(page.reset).toBe(false);
    events.push(...page.items);
    seq = events.at(-1)?.seq ?? 0;
    if (seq === page.seq) return events;
  }
}

describe('the event log', () => {
  it('has no gap after 30 writers at once, each with a cache of its own', { timeout: 30_000 }, async () => {
    const userId = randomUUID();
    const writers = Array.from({ length: 30 }, () => openTenant(db, { userId }));
    const recorded = await Promise.all(
      writers.map((tenant, i) =>
        tenant.messages.recordMessage({ chat: customer(`55119870000${i + 10}@c.us`), message: incoming() }),
      ),
    );
    const events = await whole(openTenant(db, { userId }));
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    const told = events.map(({ ids }) => ('messageId' in ids ? ids.messageId : '')).toSorted();
    expect(told).toEqual(recorded.map(({ messageId }) => messageId).toSorted());
  });

  it('never shows an event before the change that it tells of', async () => {
    const userId = randomUUID();
    const writer = openTenant(db, { userId });
    const reader = openTenant(db, { userId });
    const written = (async () => {
      for (let i = 0; i < 20; i++) await writer.messages.recordMessage({ chat: customer(), message: incoming() });
    })();
    const seen: { seq: number; stored: boolean }[] = [];
    const deadline = performance.now() + 10_000;
    while (seen.length < 20 && performance.now() < deadline) {
      for (const { seq, ids } of (await reader.events.after(seen.length)).items) {
        const message = 'messageId' in ids ? await reader.messages.get(ids.chatId, ids.messageId) : undefined;
        seen.push({ seq, stored: message !== undefined });
      }
    }
    await written;
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => ({ seq: i + 1, stored: true })));
  });

  it('runs a decision again when somebody else wrote meanwhile', async () => {
    const userId = randomUUID();
    const [mine, theirs] = [openTenant(db, { userId }), openTenant(db, { userId })];
    const { chatId } = await mine.messages.recordMessage({ chat: customer(), message: incoming() });
    let rounds = 0;
    const unread = await mine.events.commit(async () => {
      const chat = await mine.chats.require(chatId);
      if (++rounds === 1) await theirs.messages.recordMessage({ chat: customer(), message: incoming() });
      return { changes: [], events: [{ type: 'chat.updated', ids: { chatId } }], result: chat.unread };
    });
    expect({ rounds, unread }).toEqual({ rounds: 2, unread: 2 });
    expect((await mine.events.after(0)).items.map(({ type }) => type)).toEqual([
      'message.stored',
      'message.stored',
      'chat.updated',
    ]);
  });

  it('reads the counter anew where somebody else had time to write, instead of being refused', async () => {
    const userId = randomUUID();
    let now = Date.UTC(2026, 10, 1);
    const [mine, theirs] = [openTenant(db, { userId, now: () => now }), openTenant(db, { userId })];
    const write = (tenant: Tenant) =>
      tenant.events.commit(() => {
        rounds++;
        return Promise.resolve({ changes: [], events: [{ type: 'profile.updated', ids: {} }], result: undefined });
      });
    let rounds = 0;
    await write(mine);
    await write(theirs);
    now += 1_000;
    await write(mine);
    expect(rounds).toBe(3);
    expect(await mine.events.last()).toBe(3);
  });

  it('writes nothing when the decision refuses', async () => {
    const tenant = openTenant(db);
    const refusal = new AppError('conflict');
    await expect(tenant.events.commit(() => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(await tenant.events.last()).toBe(0);
    expect(await tenant.events.commit(() => Promise.resolve({ changes: [], events: [], result: 1 }))).toBe(1);
    expect(await tenant.events.after(0)).toEqual({ items: [], seq: 0, reset: false });
  });

  it('pages by 500 and says where it ends', { timeout: 30_000 }, async () => {
    const tenant = openTenant(db);
    const burst = Array.from({ length: 90 }, () => ({ type: 'profile.updated', ids: {} }) as const);
    for (let i = 0; i < 6; i++)
      await tenant.events.commit(() => Promise.resolve({ changes: [], events: burst, result: undefined }));
    const first = await tenant.events.after(0);
    expect({ count: first.items.length, seq: first.seq }).toEqual({ count: 500, seq: 540 });
    const rest = await tenant.events.after(500);
    expect(rest.items.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, i) => 501 + i));
    expect(await tenant.events.after(540)).toEqual({ items: [], seq: 540, reset: false });
  });

  it('asks for a new beginning when it no longer reaches back, or never got so far', async () => {
    const userId = randomUUID();
    let now = Date.UTC(2026, 10, 1);
    const tenant = openTenant(db, { userId, now: () => now });
    const event = { changes: [], events: [{ type: 'profile.updated', ids: {} }], result: undefined } as const;
    await tenant.events.commit(() => Promise.resolve(event));
    now += 8 * 24 * 3600_000;
    await tenant.events.commit(() => Promise.resolve(event));
    expect(await tenant.events.after(0)).toEqual({ items: [], seq: 2, reset: true });
    expect((await tenant.events.after(1)).items).toHaveLength(1);
    expect(await tenant.events.after(7)).toEqual({ items: [], seq: 2, reset: true });
  });

  it('gives up after a bounded time, saying so', { timeout: 30_000 }, async () => {
    const userId = randomUUID();
    const [mine, theirs] = [openTenant(db, { userId }), openTenant(db, { userId })];
    const event = { type: 'profile.updated', ids: {} } as const;
    const commit = mine.events.commit(async () => {
      await theirs.events.commit(() => Promise.resolve({ changes: [], events: [event], result: undefined }));
      return { changes: [], events: [event], result: undefined };
    });
    await expect(commit).rejects.toMatchObject({ code: 'conflict', status: 503, retryAfter: 1 });
  });
});
