import { randomUUID } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { readRows } from '../../test-support/rows.ts';
import { createTestKms } from '../../test-support/test-kms.ts';
import { customer, incoming, openTenant } from '../../test-support/tenants.ts';
import { keys, prefixes } from '../items/keys.ts';
import { kindOf } from './sealed-kinds.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const anything = z.record(z.string(), z.unknown());
const json = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
const item = fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), json, { maxKeys: 6 });

describe('what is sealed', () => {
  it('is read as it was written, and lies in the table as bytes', async () => {
    const tenant = openTenant(db);
    await fc.assert(
      fc.asyncProperty(item, fc.uuid(), async (content, word) => {
        const sk = keys.message('01ARZ3NDEKTSV4RRFFQ69G5FAV', '1790000000000-A');
        await tenant.items.write({ kind: 'put', sk, item: { ...content, direction: 'in', told: word } });
        const read = await tenant.items.get(sk, anything);
        expect(read).toEqual({ ...content, direction: 'in', told: word, sk, pk: `USER#${tenant.userId}` });
        const [row] = await readRows(db, tenant.userId);
        expect(Object.keys(row ?? {}).toSorted()).toEqual(['direction', 'pk', 'sealed', 'sk']);
        expect(Buffer.from(z.instanceof(Uint8Array).parse(row?.['sealed'])).includes(word)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('can be neither compared nor changed in place', async () => {
    const { items } = openTenant(db);
    const sk = keys.suggestion('01ARZ3NDEKTSV4RRFFQ69G5FAV');
    for (const write of [
      { kind: 'update', sk, set: { text: 'Oi' } },
      { kind: 'update', sk, remove: ['text'] },
      { kind: 'update', sk, add: { usage: 1 } },
      { kind: 'put', sk, item: {}, condition: { text: 'Oi' } },
      { kind: 'delete', sk, condition: { text: 'Oi' } },
    ] as const)
      await expect(items.write(write)).rejects.toThrow(/of an item SUGGESTION is sealed/);
  });

  it('is of a kind that is listed: of any other nothing is stored', async () => {
    const { items } = openTenant(db);
    await expect(items.write({ kind: 'put', sk: 'NOTE#1', item: { text: 'x' } })).rejects.toThrow('NOTE');
    for (const sk of [keys.profile, keys.sequence, keys.whatsapp, keys.checkpoint, ...Object.values(prefixes)])
      expect(() => kindOf(`${sk}1`.replace(/^([A-Z]+)1$/, '$1'))).not.toThrow();
  });

  it('costs one call of KMS for a user and process in five minutes', async () => {
    let time = Date.UTC(2026, 11, 1);
    const [userId, kms] = [randomUUID(), createTestKms()];
    const clients = { dynamodb: db.client, kms: kms.client };
    const open = () => openTenant(db, { userId, clients, now: () => time });
    const tenant = open();
    const told = Array.from({ length: 10 }, () => incoming());
    await Promise.all(told.map((message) => tenant.messages.recordMessage({ chat: customer(), message })));
    expect(kms.calls).toEqual({ GenerateDataKeyCommand: 1 });
    const other = open();
    const chatId = (await other.chats.resolvePeer(customer().waIds)) ?? '';
    await Promise.all([other.messages.page({ chatId, limit: 10 }), other.chats.page({ limit: 10 })]);
    expect(kms.calls).toEqual({ GenerateDataKeyCommand: 1, DecryptCommand: 1 });
    time += 299_000;
    await other.messages.page({ chatId, limit: 10 });
    expect(kms.calls).toEqual({ GenerateDataKeyCommand: 1, DecryptCommand: 1 });
  });

  it('is gone with the key: nothing says any more what it was', async () => {
    const [userId, kms] = [randomUUID(), createTestKms()];
    const clients = { dynamodb: db.client, kms: kms.client };
    const tenant = openTenant(db, { userId, clients });
    const { chatId } = await tenant.messages.recordMessage({ chat: customer(), message: incoming() });
    await tenant.secrets.shred();
    const later = openTenant(db, { userId, clients });
    for (const read of [later.messages.page({ chatId, limit: 10 }), later.chats.page({ limit: 10 })])
      await expect(read).rejects.toMatchObject({ code: 'account_erased' });
  });

  it('fails a list when KMS can’t be asked, rather than showing it as damaged', async () => {
    const userId = randomUUID();
    const tenant = openTenant(db, { userId });
    const { chatId } = await tenant.messages.recordMessage({ chat: customer(), message: incoming() });
    const elsewhere = new KMSClient({ region: 'us-east-1' });
    elsewhere.middlewareStack.add(() => () => Promise.reject(new Error('KMS is away')), {
      step: 'initialize',
      priority: 'high',
    });
    const cut = openTenant(db, { userId, clients: { dynamodb: db.client, kms: elsewhere } });
    await expect(cut.messages.page({ chatId, limit: 10 })).rejects.toThrow('KMS is away');
  });
});

describe('names in keys', () => {
  it('are hashes, each user’s own', async () => {
    const tenants = [openTenant(db), openTenant(db)];
    const told = incoming({ stanzaId: '3EB0CAFE', text: 'Oi' });
    for (const { messages } of tenants) await messages.recordMessage({ chat: customer(), message: told });
    const rows = await Promise.all(tenants.map(({ userId }) => readRows(db, userId)));
    const named = rows.map((some) => some.map(({ sk }) => sk).filter((sk) => /^(PEER|WAMSG)#/.test(sk)));
    for (const sks of named) {
      expect(sks).toHaveLength(2);
      for (const sk of sks) expect(sk).toMatch(/^(PEER|WAMSG#[0-9A-Z]{26}#in)#[0-9a-f]{32}$/);
    }
    const tails = named.flat().map((sk) => sk.slice(-32));
    expect(new Set(tails).size).toBe(4);
    expect(JSON.stringify(rows)).not.toMatch(/3EB0CAFE|551187654321|5511987654321/);
  });
});
