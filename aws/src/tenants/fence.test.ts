import { randomUUID } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { AppError } from '@top-active/core/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countRequests } from '../../test-support/count-requests.ts';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { customer, incoming, openTenant, outgoing } from '../../test-support/tenants.ts';
import { FencedError } from './fence.ts';
import { keys } from '../items/keys.ts';
import type { Tenant } from './tenant.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const account = { phone: '5511987654321', name: 'Ana', platform: 'android' };
const at = '2026-11-25T10:00:00.000Z';
const since = '2026-11-25T09:00:00.000Z';

/** A linked user with a chat, a message of each side, an open command, and an answer that waits. */
async function makeUser() {
  const userId = randomUUID();
  const api = openTenant(db, { userId });
  await api.whatsapp.beginConnect();
  const host = openTenant(db, { userId, epoch: 5 });
  await host.claim();
  const [link] = await host.commands.open();
  await host.commands.claim(link?.id ?? '', 'host-a', 5);
  await host.commands.finish(link?.id ?? '', { state: 'SENT', epoch: 5 });
  await host.whatsapp.update(1, { state: 'linked', account });
  const [inbound, outbound] = [incoming(), outgoing()];
  const { chatId, messageId } = await host.messages.recordMessage({ chat: customer(), message: inbound });
  await host.messages.recordMessage({ chat: customer(), message: outbound });
  const other = await host.messages.recordMessage({ chat: customer('99887766554433@lid'), message: incoming() });
  const command = { kind: 'message.send', chatId, text: 'Olá', author: 'owner' } as const;
  const { id: commandId } = await api.commands.create({ command });
  const { id: claimedId } = await api.commands.create({ command });
  await host.commands.claim(claimedId, 'host-a', 5);
  await api.items.write({
    kind: 'put',
    sk: keys.passkeyAnswer('request'),
    item: { sealed: new Uint8Array([1]), generation: 1 },
  });
  return { userId, api, inbound, outbound, chatId, messageId, otherId: other.chatId, commandId, claimedId };
}

type User = Awaited<ReturnType<typeof makeUser>>;

const refOf = ({ chatId }: User, { stanzaId, direction }: Pick<User['inbound'], 'stanzaId' | 'direction'>) => ({
  chatId,
  stanzaId,
  direction,
});

/**
 * Everything that a session host writes of a user, but for the pointer to the newest checkpoint, which has its own
 * test.
 */
const writes: Record<string, (host: Tenant, user: User) => Promise<unknown>> = {
  'a new message': (host) => host.messages.recordMessage({ chat: customer(), message: incoming() }),
  'a new chat': (host) =>
    host.messages.recordMessage({ chat: customer('5531977775555@c.us', 'Caio'), message: incoming() }),
  'news of a message that is told again': (host, { inbound }) =>
    host.messages.recordMessage({ chat: customer(), message: { ...inbound, text: 'outro', edited: true } }),
  ticks: (host, user) => host.messages.updateDelivery({ ...refOf(user, user.outbound), delivery: 'read' }),
  'an edit': (host, user) => host.messages.editMessage({ ...refOf(user, user.inbound), text: 'outro' }),
  'a revocation': (host, user) => host.messages.revokeMessage(refOf(user, user.inbound)),
  'a gap': (host, { chatId, messageId }) =>
    host.messages.noteGap({ chatId, messageId, gap: { messages: 3, since, until: at } }),
  'a contact': (host) => host.chats.upsertContact({ ...customer(), name: 'Beatriz', unread: 7 }),
  'a merge': (host, { chatId, otherId }) => host.chats.merge([chatId, otherId]),
  'the link state': (host) => host.whatsapp.update(1, { state: 'reconnecting', account }),
  'until when everything is stored': (host) => host.whatsapp.noteCheckpoint(1, at),
  'the claim of a new command': (host, { commandId }) => host.commands.claim(commandId, 'host-a', 5),
  'the end of a command': (host, { claimedId }) =>
    host.commands.finish(claimedId, { state: 'FAILED', failure: 'refused', epoch: 5 }),
  // What is taken isn't a real answer, and can't be opened.
  'the taking of a passkey answer': (host) =>
    host.linkAnswers.takePasskey('request').catch((error: unknown) => {
      if (error instanceof FencedError) throw error;
    }),
};

async function itemsOf(userId: string): Promise<unknown[]> {
  const { Items } = await db.client.send(
    new QueryCommand({
      TableName: 'items',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `USER#${userId}` },
    }),
  );
  return Items ?? [];
}

/**
 * As a host is that stood still between two writes: it has just seen where the log stands, and nothing has moved since.
 */
async function aboutToWrite(userId: string, epoch: number): Promise<Tenant> {
  const host = openTenant(db, { userId, epoch });
  await host.events.commit(async () => ({ changes: [], events: [], result: undefined }));
  return host;
}

describe('a host whose term is over', () => {
  it.each(Object.entries(writes))('does not write %s any more', async (_, write) => {
    const user = await makeUser();
    const stale = await aboutToWrite(user.userId, 5);
    await openTenant(db, { userId: user.userId, epoch: 6 }).claim();
    const before = await itemsOf(user.userId);
    await expect(write(stale, user)).rejects.toThrow(FencedError);
    expect(await itemsOf(user.userId)).toEqual(before);
    await expect(stale.lost).resolves.toBeUndefined();
    // That a write is refused says nothing unless its own host may write it.
    await write(await aboutToWrite(user.userId, 6), user);
    expect(await itemsOf(user.userId)).not.toEqual(before);
  });

  it('learns it without asking, once it knows', async () => {
    const { userId } = await makeUser();
    const stale = openTenant(db, { userId, epoch: 5 });
    await openTenant(db, { userId, epoch: 6 }).claim();
    await expect(stale.whatsapp.noteCheckpoint(1, at)).rejects.toThrow(FencedError);
    const requests = countRequests(db);
    await expect(stale.messages.recordMessage({ chat: customer(), message: incoming() })).rejects.toThrow(FencedError);
    await expect(stale.whatsapp.noteCheckpoint(1, at)).rejects.toThrow(FencedError);
    expect(requests.end()).toEqual({});
  });

  it('may not claim a command that a later owner has claimed', async () => {
    const { userId, commandId } = await makeUser();
    const stale = openTenant(db, { userId, epoch: 5 });
    // Whose claim of the user got lost, as after a restore.
    await openTenant(db, { userId }).commands.claim(commandId, 'host-b', 6);
    await expect(stale.commands.claim(commandId, 'host-a', 5)).rejects.toThrow(FencedError);
  });

  it('cannot claim the user back', async () => {
    const { userId } = await makeUser();
    await openTenant(db, { userId, epoch: 6 }).claim();
    const stale = openTenant(db, { userId, epoch: 5 });
    await expect(stale.claim()).rejects.toThrow(FencedError);
    await expect(stale.lost).resolves.toBeUndefined();
  });
});

describe('an owner', () => {
  it('asks no more of DynamoDB for a message, a tick, a link state and a command than somebody without a term', async () => {
    const user = await makeUser();
    const count = async (epoch: number | undefined) => {
      const host = openTenant(db, { userId: user.userId, epoch });
      await host.claim();
      // Unwraps the user's key, which every process does once.
      await host.messages.page({ chatId: user.chatId, limit: 1 });
      await host.events.commit(async () => ({ changes: [], events: [], result: undefined }));
      const { id } = await user.api.commands.create({
        command: { kind: 'message.send', chatId: user.chatId, text: 'Olá', author: 'owner' },
      });
      const out = outgoing({ commandId: id });
      await host.events.commit(async () => ({ changes: [], events: [], result: undefined }));
      const requests = countRequests(db);
      await host.messages.recordMessage({ chat: customer(), message: incoming() });
      await host.whatsapp.update(1, { state: 'reconnecting', account });
      await host.whatsapp.update(1, { state: 'linked', account });
      await host.whatsapp.noteCheckpoint(1, at);
      await host.commands.claim(id, 'host-a', epoch ?? 5);
      await host.messages.recordMessage({ chat: customer(), message: out });
      await host.messages.updateDelivery({ ...refOf(user, out), delivery: 'read' });
      const { UpdateItemCommand = 0, TransactWriteItemsCommand = 0, ...reads } = requests.end();
      return { writes: UpdateItemCommand + TransactWriteItemsCommand, reads };
    };
    expect(await count(5)).toEqual(await count(undefined));
  });

  it('keeps what was told of the link by others, who do not lose its claim', async () => {
    const { userId, api } = await makeUser();
    await openTenant(db, { userId, epoch: 6 }).claim();
    await api.whatsapp.requestStop();
    expect(await api.whatsapp.get()).toMatchObject({ state: 'linked', desired: 'off', epoch: 6 });
    const stale = openTenant(db, { userId, epoch: 5 });
    await expect(stale.whatsapp.noteCheckpoint(1, at)).rejects.toThrow(FencedError);
  });

  it('claims while others write, and their writes go on', { timeout: 20_000 }, async () => {
    const { userId, api, chatId } = await makeUser();
    const before = (await api.messages.page({ chatId, limit: 100 })).items.length;
    const hosts = [6, 7, 8].map((epoch) => openTenant(db, { userId, epoch }));
    const told = Array.from({ length: 20 }, () =>
      api.messages.recordMessage({ chat: customer(), message: incoming() }),
    );
    for (const host of hosts) await host.claim();
    await Promise.all(told);
    expect((await api.messages.page({ chatId, limit: 100 })).items).toHaveLength(before + 20);
    await expect(hosts[0]?.whatsapp.update(1, { state: 'reconnecting' })).rejects.toThrow(FencedError);
    expect(await hosts[2]?.whatsapp.update(1, { state: 'reconnecting' })).toBe(true);
  });

  it('leaves nothing behind where nothing is, or everything goes', async () => {
    const userId = randomUUID();
    const host = openTenant(db, { userId, epoch: 5 });
    await host.claim();
    expect(await itemsOf(userId)).toEqual([]);
    const erased = await makeUser();
    await erased.api.events.close(async () => true);
    const before = await itemsOf(erased.userId);
    await openTenant(db, { userId: erased.userId, epoch: 6 }).claim();
    expect(await itemsOf(erased.userId)).toEqual(before);
    await expect(host.events.commit(async () => ({ changes: [], events: [], result: 1 }))).resolves.toBe(1);
    const late = openTenant(db, { userId: erased.userId, epoch: 6 });
    await expect(late.messages.recordMessage({ chat: customer(), message: incoming() })).rejects.toThrow(AppError);
  });
});
