import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { damageRow } from '../../test-support/rows.ts';
import { customer, incoming, openTenant, outgoing } from '../../test-support/tenants.ts';
import { keys } from '../items/keys.ts';
import type { Tenant } from '../tenants/tenant.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

async function withChat(tenant: Tenant) {
  const { chatId } = await tenant.messages.recordMessage({ chat: customer(), message: incoming() });
  return { kind: 'message.send', chatId, text: 'Olá', author: 'owner' } as const;
}

describe('create', () => {
  it('stores the command, then wakes the host', async () => {
    const woken: string[] = [];
    const userId = randomUUID();
    const wakeQueue = {
      wake: async (user: string, commandId: string) => {
        expect(user).toBe(userId);
        expect((await openTenant(db, { userId }).commands.get(commandId))?.state).toBe('PENDING');
        woken.push(commandId);
      },
    };
    const tenant = openTenant(db, { userId, wakeQueue });
    const command = await withChat(tenant);
    const { id, existing } = await tenant.commands.create({ command });
    expect(existing).toBe(false);
    expect(woken).toEqual([id]);
    expect((await tenant.events.after(1)).items).toMatchObject([
      { type: 'command.updated', ids: { chatId: command.chatId, commandId: id } },
    ]);
  });

  it('keeps the command when the host could not be woken', async () => {
    const wakeQueue = { wake: () => Promise.reject(new Error('SQS is away')) };
    const tenant = openTenant(db, { wakeQueue, log: silent });
    const { id } = await tenant.commands.create({ command: await withChat(tenant) });
    expect((await tenant.commands.open()).map((command) => command.id)).toEqual([id]);
  });

  it('goes past a command that another version has written, in the order of the others', async () => {
    const userId = randomUUID();
    const tenant = openTenant(db, { userId });
    const command = await withChat(tenant);
    const first = await tenant.commands.create({ command });
    const poisoned = await tenant.commands.create({ command });
    const last = await tenant.commands.create({ command });
    await damageRow(tenant, { sk: keys.command(poisoned.id), change: { command: { kind: 'message.dance' } } });
    expect((await tenant.commands.open()).map(({ id }) => id)).toEqual([first.id, last.id]);
    expect((await tenant.commands.outgoingOf(command.chatId)).map(({ id }) => id)).toEqual([first.id, last.id]);
  });

  it('answers a repeated key with the first command, also when all come at once', async () => {
    const userId = randomUUID();
    const command = await withChat(openTenant(db, { userId }));
    const request = { command, idempotencyKey: 'key-00000001', requestHash: 'one' };
    const created = await Promise.all(
      Array.from({ length: 10 }, () => openTenant(db, { userId }).commands.create(request)),
    );
    expect(new Set(created.map(({ id }) => id)).size).toBe(1);
    expect(created.filter(({ existing }) => !existing)).toHaveLength(1);
    const tenant = openTenant(db, { userId });
    expect(await tenant.commands.open()).toHaveLength(1);
    await expect(tenant.commands.create({ ...request, requestHash: 'two' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
      status: 422,
    });
  });

  it('forgets a key after a day', async () => {
    let now = Date.UTC(2026, 10, 1);
    const tenant = openTenant(db, { now: () => now });
    const request = { command: await withChat(tenant), idempotencyKey: 'key-00000001', requestHash: 'one' };
    const first = await tenant.commands.create(request);
    now += 24 * 3600_000 + 1000;
    expect((await tenant.commands.create({ ...request, requestHash: 'two' })).id).not.toBe(first.id);
  });
});

describe('claim and finish', () => {
  it('lists open commands in the order of their creation', async () => {
    const tenant = openTenant(db);
    const command = await withChat(tenant);
    const ids = [];
    for (let i = 0; i < 5; i++) ids.push((await tenant.commands.create({ command })).id);
    expect((await tenant.commands.open()).map(({ id }) => id)).toEqual(ids);
  });

  it('gives a command to one host, and to another one only under a higher epoch', async () => {
    const userId = randomUUID();
    const tenant = openTenant(db, { userId });
    const { id } = await tenant.commands.create({ command: await withChat(tenant) });
    const claims = await Promise.all(
      ['a', 'b', 'c', 'd'].map((host) => openTenant(db, { userId }).commands.claim(id, host, 1)),
    );
    const winners = claims.filter((claim) => claim !== undefined);
    expect(winners).toHaveLength(1);
    expect(winners[0]).toMatchObject({ state: 'CLAIMED', attempts: 1, claimedEpoch: 1 });
    expect(await tenant.commands.claim(id, winners[0]?.claimedBy ?? '', 1)).toBeUndefined();
    expect(await tenant.commands.claim(id, 'e', 2)).toMatchObject({ claimedBy: 'e', attempts: 2 });
    expect(await tenant.commands.finish(id, { state: 'FAILED', failure: 'gone', epoch: 1 })).toBe(false);
    expect(await tenant.commands.finish(id, { state: 'UNKNOWN', epoch: 2 })).toBe(true);
    expect(await tenant.commands.claim(id, 'f', 3)).toBeUndefined();
  });

  it('is begun anew once its host gives it back, and by nobody’s word but its own', async () => {
    const tenant = openTenant(db);
    const { id } = await tenant.commands.create({ command: await withChat(tenant) });
    await tenant.commands.claim(id, 'host', 1);
    await tenant.commands.release(id, 'another', 1);
    expect(await tenant.commands.get(id)).toMatchObject({ state: 'CLAIMED' });
    await tenant.commands.release(id, 'host', 1);
    expect(await tenant.commands.get(id)).toMatchObject({ state: 'PENDING' });
    expect(await tenant.commands.claim(id, 'next', 2)).toMatchObject({ state: 'CLAIMED', attempts: 2 });
    await tenant.commands.release(id, 'host', 1);
    expect(await tenant.commands.get(id)).toMatchObject({ state: 'CLAIMED', claimedBy: 'next' });
  });

  it('ends once; what was unknown or failed may still turn out to be sent', async () => {
    const tenant = openTenant(db);
    const command = await withChat(tenant);
    const { id } = await tenant.commands.create({ command });
    await tenant.commands.claim(id, 'host', 1);
    expect(await tenant.commands.finish(id, { state: 'UNKNOWN', failure: 'host_died' })).toBe(true);
    expect(await tenant.commands.finish(id, { state: 'UNKNOWN' })).toBe(false);
    expect(await tenant.commands.finish(id, { state: 'FAILED', failure: 'not_found' })).toBe(true);
    expect(await tenant.commands.finish(id, { state: 'UNKNOWN' })).toBe(false);
    expect(await tenant.commands.outgoingOf(command.chatId)).toMatchObject([{ id, state: 'FAILED', text: 'Olá' }]);
    await tenant.messages.recordMessage({ chat: customer(), message: outgoing({ commandId: id }) });
    expect((await tenant.commands.get(id))?.state).toBe('SENT');
    expect(await tenant.commands.finish(id, { state: 'FAILED' })).toBe(false);
    expect(await tenant.commands.outgoingOf(command.chatId)).toEqual([]);
  });

  it('tells of all chats what failed or may not have left, and nothing that is on its way', async () => {
    const tenant = openTenant(db);
    const command = await withChat(tenant);
    const [failed, unknown] = [await tenant.commands.create({ command }), await tenant.commands.create({ command })];
    await tenant.commands.create({ command });
    await tenant.commands.finish(unknown.id, { state: 'UNKNOWN', failure: 'interrupted' });
    await tenant.commands.finish(failed.id, { state: 'FAILED', failure: 'refused' });
    const { chatId } = command;
    expect(await tenant.commands.unsent()).toMatchObject([
      { id: failed.id, chatId, state: 'FAILED' },
      { id: unknown.id, chatId, state: 'UNKNOWN' },
    ]);
    await tenant.messages.recordMessage({ chat: customer(), message: outgoing({ commandId: unknown.id }) });
    expect((await tenant.commands.unsent()).map(({ id }) => id)).toEqual([failed.id]);
  });

  it('shows what has not become a message, for a day', async () => {
    let now = Date.UTC(2026, 10, 1);
    const tenant = openTenant(db, { now: () => now });
    const command = await withChat(tenant);
    const { id } = await tenant.commands.create({ command });
    await tenant.commands.create({ command: { kind: 'chat.seen', chatId: command.chatId } });
    expect(await tenant.commands.outgoingOf(command.chatId)).toMatchObject([{ id, state: 'PENDING', author: 'owner' }]);
    await tenant.commands.finish(id, { state: 'FAILED', failure: 'refused' });
    now += 24 * 3600_000 + 1000;
    expect(await tenant.commands.outgoingOf(command.chatId)).toEqual([]);
  });
});

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // The line is expected.
}
