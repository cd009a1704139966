import { DynamoDBClient, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createClients, createErasures, createPlacements, type AwsClients, type Erasures } from '@top-active/aws';
import {
  erasureSchema,
  realtimeTicketResponseSchema,
  registerResponseSchema,
  tokenResponseSchema,
} from '@top-active/core/contracts';
import { EnvelopeError } from '@top-active/core/crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { ApiError } from '@top-active/local/client/api-client';
import { localShards } from '@top-active/local/stack/boot-cloud';
import { startLambdasFixture, testPassword, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';
import { readLogLines } from '../support/log-lines.ts';

const hour = 3600_000;
let fixture: LambdasFixture;
let clients: AwsClients;
/** Of who owns the machine: it sees whatever is stored. */
let owner: DynamoDBClient;
let erasures: Erasures;
let user: TestUser;

beforeAll(async () => {
  fixture = await startLambdasFixture({ cuttable: 'erasure' });
  clients = createClients();
  owner = new DynamoDBClient({
    endpoint: fixture.cloud.servers.dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'owner', secretAccessKey: 'x' },
  });
  erasures = createErasures(clients, { table: fixture.cloud.tables.erasures });
});
afterAll(async () => {
  clients.close();
  owner.destroy();
  await fixture.close();
});
beforeEach(async () => {
  fixture.google.setFaults([]);
  user = await fixture.newUser();
});

const erase = (password = testPassword, who = user) =>
  who.api.request('/api/me', { method: 'DELETE', body: { password }, answer: erasureSchema });

const progressSchema = z.looseObject({ message: z.literal('Erasure'), userId: z.string(), state: z.string() });

/** One run of the function; how far this user's erasure is. Undefined: none is under way. */
async function run(userId = user.userId): Promise<string | undefined> {
  const since = fixture.logs.length;
  const isOpen = (await erasures.open()).some((one) => one.userId === userId);
  await fixture.run('erasure');
  if (!isOpen) return undefined;
  // What a function writes may come after its answer.
  return vi.waitFor(() => {
    const lines = readLogLines(fixture.logs.slice(since).map(({ line }) => line));
    const told = lines.flatMap((line) => progressSchema.safeParse(line).data ?? []);
    const state = told.findLast((one) => one.userId === userId)?.state;
    if (state === undefined) throw new Error('The function says nothing of this erasure');
    return state;
  });
}

/** As if the erasure had been asked for so much earlier. */
async function letPass(ms: number, userId = user.userId): Promise<void> {
  const erasure = (await erasures.open()).find((one) => one.userId === userId);
  if (!erasure) throw new Error('No erasure is open');
  const earlier = (time: string) => new Date(Date.parse(time) - ms).toISOString();
  await owner.send(
    new UpdateItemCommand({
      TableName: fixture.cloud.tables.erasures,
      Key: { pk: { S: 'OPEN' }, sk: { S: userId } },
      UpdateExpression: 'SET requestedAt = :requestedAt, openedAt = :openedAt',
      ExpressionAttributeValues: {
        ':requestedAt': { S: earlier(erasure.requestedAt) },
        ':openedAt': { S: earlier(erasure.openedAt) },
      },
    }),
  );
}

async function refusalOf(work: Promise<unknown>) {
  const error: unknown = await work.catch((error: unknown) => error);
  if (!(error instanceof ApiError)) throw new Error('Not refused', { cause: error });
  return error.problem;
}

async function sortKeys(table: 'items' | 'keys' | 'erasures', pk = `USER#${user.userId}`): Promise<string[]> {
  const { Items = [] } = await owner.send(
    new QueryCommand({
      TableName: fixture.cloud.tables[table],
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
    }),
  );
  return Items.map(({ sk }) => sk?.S ?? '');
}

async function storeSomething({ tenant }: TestUser, messages = 3): Promise<void> {
  for (let i = 0; i < messages; i++)
    await tenant.messages.recordMessage({
      chat: { waIds: ['5511987654321@c.us'], name: 'Bia', isGroup: false },
      message: {
        waId: `false_5511987654321@c.us_3EB0${i}`,
        stanzaId: `3EB0${i}`,
        direction: 'in',
        author: 'customer',
        kind: 'text',
        text: 'Oi',
        sentAt: 1_790_000_000 + i,
        delivery: 'delivered',
      },
    });
  await tenant.credentials.put({ provider: 'openai', hint: 'wxyz', scopes: [], simulated: true, secret: 'sk-user' });
}

/** What a session host does on the order to unlink. */
async function playHost({ tenant }: TestUser): Promise<void> {
  for (const { id, command } of await tenant.commands.open()) {
    if (command.kind === 'link.stop')
      await tenant.whatsapp.update((await tenant.whatsapp.get()).generation, { state: 'unlinked' });
    await tenant.commands.finish(id, { state: 'SENT' });
  }
}

describe('asking for an erasure', () => {
  it('takes the password, and nothing else', async () => {
    expect(await refusalOf(erase('wrong horse 1'))).toMatchObject({ status: 401, code: 'invalid_credentials' });
    const without = user.api.request('/api/me', { method: 'DELETE', body: {} });
    expect(await refusalOf(without)).toMatchObject({ code: 'invalid_request', errors: [{ field: 'password' }] });
    user.api.accessToken = undefined;
    expect((await refusalOf(erase())).status).toBe(401);
    expect(await erasures.find(user.userId)).toBeUndefined();
  });

  it('counts wrong passwords together with those at the login', async () => {
    const login = () =>
      user.api.request('/api/auth/login', { method: 'POST', body: { email: user.email, password: 'wrong horse 1' } });
    for (let i = 0; i < 5; i++)
      expect((await refusalOf(i % 2 ? login() : erase('wrong horse 1'))).code).toBe('invalid_credentials');
    expect(await refusalOf(erase('wrong horse 1'))).toMatchObject({ status: 429, code: 'too_many_attempts' });
  });

  it('ends every login and WebSocket at once, and frees the e-mail address', async () => {
    const ticket = await user.api.request('/api/realtime/ticket', {
      method: 'POST',
      answer: realtimeTicketResponseSchema,
    });
    const socket = new WebSocket(fixture.webSocketUrl, ['top-active.v1', ticket.ticket]);
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await user.api.request('/api/auth/login', {
      method: 'POST',
      body: { email: user.email, password: testPassword },
    });
    await erase();
    await closed;
    const refused = [
      user.api.request('/api/auth/refresh', { method: 'POST' }),
      user.api.request('/api/auth/login', { method: 'POST', body: { email: user.email, password: testPassword } }),
    ];
    for (const attempt of refused) expect((await refusalOf(attempt)).status).toBe(401);
    const { session } = await user.api.request('/api/auth/register', {
      method: 'POST',
      body: { email: user.email, password: testPassword, name: 'Ana' },
      answer: registerResponseSchema,
    });
    const again = await user.api.request('/api/auth/confirm', {
      method: 'POST',
      body: { email: user.email, code: fixture.codeFor(user.email), session },
      answer: tokenResponseSchema,
    });
    expect(again.userId).not.toBe(user.userId);
  });

  it('ends the login that asked for it: it can ask for nothing more', async () => {
    await erase();
    expect(await refusalOf(erase())).toMatchObject({ status: 401, code: 'unauthorized' });
  });

  it('answers the same when it is asked for again, should the login not have ended', async () => {
    const first = await erasures.request(user.userId);
    expect(await erase()).toEqual({ requestedAt: first.requestedAt });
    expect(await erase('whatever it was')).toEqual({ requestedAt: first.requestedAt });
  });
});

describe('an erasure', () => {
  it('leaves nothing but the tombstone, and nothing of others', async () => {
    const neighbour = await fixture.newUser();
    await Promise.all([storeSomething(user), storeSomething(neighbour)]);
    const before = await sortKeys('items', `USER#${neighbour.userId}`);
    await erase();
    expect(await run()).toBe('erased');
    expect(await sortKeys('items')).toEqual(['SEQ']);
    await letPass(hour + 1_000);
    expect(await run()).toBe('complete');
    expect([await sortKeys('items'), await sortKeys('keys')]).toEqual([[], []]);
    expect(await erasures.find(user.userId)).toMatchObject({ completedAt: expect.any(String) });
    const ended = await erasures.find(user.userId);
    expect((await erasures.open()).map(({ userId }) => userId)).not.toContain(user.userId);
    await fixture.run('erasure');
    expect(await erasures.find(user.userId)).toEqual(ended);
    expect(await sortKeys('items', `USER#${neighbour.userId}`)).toEqual(before);
    expect((await neighbour.tenant.credentials.open('openai'))?.secret).toBe('sk-user');
  });

  it('makes secrets unreadable for who has a copy of everything but the keys', async () => {
    const context = { table: 'items', pk: `USER#${user.userId}`, sk: 'X', field: 'f', version: 1 };
    const copies = [
      await user.tenant.secrets.sealOnly('credentials', context, 'sk'),
      await user.tenant.secrets.seal('whatsapp', context, 'session'),
    ];
    await erase();
    expect(await run()).toBe('erased');
    const another = await fixture.openTenants().for(user.userId);
    for (const copy of copies)
      for (const purpose of ['credentials', 'whatsapp'] as const)
        await expect(another.secrets.open(purpose, context, copy)).rejects.toBeInstanceOf(EnvelopeError);
  });

  it('has WhatsApp unlinked by the host before a key is touched', async () => {
    await storeSomething(user);
    await createPlacements(clients, { table: fixture.cloud.tables.placements, shards: localShards }).release(
      user.userId,
    );
    const { status } = await user.tenant.whatsapp.beginConnect();
    await user.tenant.whatsapp.update(status.generation, { state: 'linked' });
    await playHost(user);
    await erase();
    for (let i = 0; i < 2; i++) expect(await run()).toBe('waiting');
    const orders = (await user.tenant.commands.open()).map(({ command }) => command.kind);
    expect(orders).toEqual(['link.stop']);
    expect((await user.tenant.credentials.open('openai'))?.secret).toBe('sk-user');
    await playHost(user);
    expect(await run()).toBe('erased');
  });

  it('revokes the consent at Google, and waits a while for Google but not for ever', async () => {
    const account = await fixture.connectGoogle(user);
    const revocations = () =>
      fixture.google
        .log()
        .calls.filter((call) => call.operation === 'oauth2.revoke' && call.account === account)
        .map((call) => call.status);
    const unavailable = { kind: 'unavailable' as const, operation: 'oauth2.revoke' };
    // Our client tries a few times by itself.
    fixture.google.setFaults([{ ...unavailable, times: 1_000 }]);
    await erase();
    expect(await run()).toBe('waiting');
    fixture.google.setFaults([]);
    fixture.google.clearLog();
    expect(await run()).toBe('erased');
    expect(revocations()).toEqual([200]);

    const other = await fixture.newUser();
    await fixture.connectGoogle(other);
    await erase(testPassword, other);
    fixture.google.setFaults([{ ...unavailable, times: 1_000 }]);
    expect(await run(other.userId)).toBe('waiting');
    await letPass(16 * 60_000, other.userId);
    expect(await run(other.userId)).toBe('erased');
    expect(await sortKeys('keys', `USER#${other.userId}`)).toEqual([]);
  });

  it('goes on where it was cut off', async () => {
    await storeSomething(user, 40);
    await erase();
    const left: number[] = [];
    let state: string | undefined;
    while (state === undefined && left.length < 20) {
      fixture.cutOff({
        when: 'after',
        request: ({ operation, body }) => operation === 'DeleteItem' && body.includes(fixture.cloud.tables.items),
      });
      state = await run().catch(() => undefined);
      left.push((await sortKeys('items')).length);
    }
    fixture.cutOff(undefined);
    expect(state).toBe('erased');
    expect(left.length).toBeGreaterThan(2);
    expect(left).toEqual(left.toSorted((a, b) => b - a));
    expect(await sortKeys('items')).toEqual(['SEQ']);
  });

  it('finds what a request left that was under way', async () => {
    await erase();
    expect(await run()).toBe('erased');
    // Past the door: there every access token is refused by now.
    expect((await refusalOf(user.api.request('/api/realtime/ticket', { method: 'POST' }))).status).toBe(401);
    const late = user.tenant.profile.create({ email: user.email, name: 'Ana', locale: 'pt-BR' });
    await expect(late).rejects.toMatchObject({ status: 410, code: 'account_erased' });
    await user.tenant.tickets.issue({ sessionId: 'login' });
    await user.tenant.secrets.sealOnly('credentials', { table: 't', pk: 'p', sk: 's', field: 'f', version: 1 }, 'late');
    expect([await sortKeys('items'), await sortKeys('keys')].map((found) => found.length)).toEqual([2, 1]);
    await letPass(hour + 1_000);
    expect(await run()).toBe('complete');
    expect([await sortKeys('items'), await sortKeys('keys')]).toEqual([[], []]);
  });

  it('does not keep others from theirs when one fails, and says so', async () => {
    const other = await fixture.newUser();
    await erase();
    await erase(testPassword, other);
    const [first] = await erasures.open();
    // The SDK tries three times.
    fixture.cloud.failIdentity({ operation: 'AdminDeleteUser', code: 'LimitExceededException', times: 3 });
    await expect(run()).rejects.toThrow('Not every erasure got on');
    const others = [user.userId, other.userId].filter((userId) => userId !== first?.userId);
    for (const userId of others) expect(await sortKeys('items', `USER#${userId}`)).toEqual(['SEQ']);
    await fixture.run('erasure');
    expect(await sortKeys('items', `USER#${first?.userId}`)).toEqual(['SEQ']);
  });

  it('says so when one takes too long', async () => {
    await user.tenant.whatsapp.beginConnect();
    await erase();
    await letPass(5 * hour);
    await expect(run()).rejects.toThrow('Not every erasure got on');
    await playHost(user);
    expect(await run()).toBe('complete');
  });
});

describe('after a restore', () => {
  it('everybody with a tombstone is erased once more, without host and Google', async () => {
    await fixture.connectGoogle(user);
    await erase();
    await run();
    await letPass(hour + 1_000);
    await run();
    // As from a backup: what was stored before the erasure stands there again.
    await user.tenant.items.write({ kind: 'put', sk: 'SEQ', item: { seq: 7 } });
    await storeSomething(user);
    await user.tenant.whatsapp.beginConnect();
    await erasures.reopen(user.userId);
    expect(await run()).toBe('complete');
    expect([await sortKeys('items'), await sortKeys('keys')]).toEqual([[], []]);
    expect(await sortKeys('erasures', 'TOMBSTONE')).toContain(user.userId);
  });

  it('an erasure in its last hour goes on without the host, which has done its part', async () => {
    const { status } = await user.tenant.whatsapp.beginConnect();
    await user.tenant.whatsapp.update(status.generation, { state: 'linked' });
    await erase();
    await run();
    await playHost(user);
    expect(await run()).toBe('erased');
    await user.tenant.items.write({ kind: 'put', sk: 'SEQ', item: { seq: 7 } });
    await user.tenant.whatsapp.beginConnect();
    await erasures.reopen(user.userId);
    expect(await run()).toBe('erased');
    expect(await sortKeys('items')).toEqual(['SEQ']);
  });

  it('an erasure that was under way goes on as it was', async () => {
    await user.tenant.whatsapp.beginConnect();
    await erase();
    await erasures.reopen(user.userId);
    expect(await run()).toBe('waiting');
    await playHost(user);
    expect(await run()).toBe('erased');
  });
});
