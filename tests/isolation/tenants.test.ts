import { randomUUID } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { SecretContext } from '@top-active/aws';
import { EnvelopeError } from '@top-active/core/crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startAwsFixture, type AwsFixture } from '../support/aws-fixture.ts';

let fixture: AwsFixture;
beforeAll(async () => {
  fixture = await startAwsFixture();
});
afterAll(() => fixture.close());
beforeEach(() => {
  fixture.asked.length = 0;
  fixture.denied.clear();
});

const minute = 60_000;
const context: SecretContext = { table: 'items', pk: 'USER#x', sk: 'X', field: 'secret', version: 1 };
const asks = (action: string) => fixture.asked.filter((request) => request.action === action);

describe('tenants', () => {
  it('assume the tenant role once, tagged with the user, however many ask', async () => {
    const tenants = fixture.openTenants();
    const userId = randomUUID();
    const opened = await Promise.all(Array.from({ length: 20 }, () => tenants.for(userId)));
    expect(new Set(opened).size).toBe(1);
    expect(asks('sts:AssumeRole')).toHaveLength(1);
    expect(asks('sts:AssumeRole')[0]?.context).toMatchObject({
      'aws:RequestTag/userId': userId,
      'sts:TransitiveTagKeys': ['userId'],
    });
    await tenants.for(randomUUID());
    expect(asks('sts:AssumeRole')).toHaveLength(2);
  });

  it('reach KMS as the tagged session and name the user in the encryption context', async () => {
    const userId = randomUUID();
    const tenant = await fixture.openTenants().for(userId);
    await tenant.secrets.seal('oauth', context, 'x');
    const [request] = asks('kms:GenerateDataKey');
    expect(request?.context).toMatchObject({
      'kms:EncryptionContext:userId': userId,
      'kms:EncryptionContext:purpose': 'oauth',
    });
    const principal = fixture.sts.resolve(request?.credentials.accessKeyId ?? '');
    expect(principal).toMatchObject({ tags: { userId } });
    expect(principal?.arn).toContain(`assumed-role/tenant/user-${userId}`);
  });

  it('renew credentials before they expire', async () => {
    const tenants = fixture.openTenants();
    const userId = randomUUID();
    await tenants.for(userId);
    fixture.clock.now += 9 * minute;
    await tenants.for(userId);
    expect(asks('sts:AssumeRole')).toHaveLength(1);
    fixture.clock.now += minute;
    await tenants.for(userId);
    expect(asks('sts:AssumeRole')).toHaveLength(2);
  });

  it('are refused when the role may not be assumed, and can be had later', async () => {
    const tenants = fixture.openTenants();
    const userId = randomUUID();
    fixture.denied.add('sts:AssumeRole');
    await expect(tenants.for(userId)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    fixture.denied.clear();
    expect((await tenants.for(userId)).userId).toBe(userId);
  });

  it('exist only for user ids', async () => {
    await expect(fixture.openTenants().for('x#y')).rejects.toThrow(/UUID/);
  });
});

describe('secrets', () => {
  it('are sealed and opened by the same user for the same purpose and place only', async () => {
    const tenants = fixture.openTenants();
    const mine = await tenants.for(randomUUID());
    const neighbour = await tenants.for(randomUUID());
    const envelopes = [
      await mine.secrets.seal('oauth', context, 'segredo'),
      await mine.secrets.sealOnly('oauth', context, 'segredo'),
    ];
    for (const envelope of envelopes) {
      expect(Buffer.from(envelope).includes('segredo')).toBe(false);
      expect((await mine.secrets.open('oauth', context, envelope)).toString()).toBe('segredo');
      const wrong = [
        mine.secrets.open('credentials', context, envelope),
        mine.secrets.open('oauth', { ...context, version: 2 }, envelope),
        mine.secrets.open('oauth', { ...context, sk: 'Y' }, envelope),
        neighbour.secrets.open('oauth', context, envelope),
      ];
      for (const attempt of await Promise.allSettled(wrong))
        expect(attempt).toMatchObject({ status: 'rejected', reason: { name: 'EnvelopeError' } });
    }
  });

  it('share one data key though several processes make it at once', async () => {
    const userId = randomUUID();
    const processes = await Promise.all(Array.from({ length: 5 }, () => fixture.openTenants().for(userId)));
    const envelopes = await Promise.all(processes.map(({ secrets }, i) => secrets.seal('oauth', context, `text ${i}`)));
    const reader = await fixture.openTenants().for(userId);
    for (const [i, envelope] of envelopes.entries())
      expect((await reader.secrets.open('oauth', context, envelope)).toString()).toBe(`text ${i}`);
    expect(asks('kms:Decrypt').length).toBeLessThanOrEqual(6);
  });

  it('ask KMS once, not for every opening', async () => {
    const userId = randomUUID();
    const writer = await fixture.openTenants().for(userId);
    const envelope = await writer.secrets.seal('oauth', context, 'x');
    const reader = await fixture.openTenants().for(userId);
    fixture.asked.length = 0;
    await Promise.all(Array.from({ length: 10 }, () => reader.secrets.open('oauth', context, envelope)));
    expect(asks('kms:Decrypt')).toHaveLength(1);
  });

  it('can be sealed by who may not open them', async () => {
    const tenant = await fixture.openTenants().for(randomUUID());
    fixture.denied.add('kms:Decrypt');
    const envelope = await tenant.secrets.sealOnly('credentials', context, 'sk-secret');
    await expect(tenant.secrets.open('credentials', context, envelope)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    fixture.denied.clear();
    expect((await tenant.secrets.open('credentials', context, envelope)).toString()).toBe('sk-secret');
  });

  it('are gone with their data key', async () => {
    const userId = randomUUID();
    const tenant = await fixture.openTenants().for(userId);
    const envelopes = [
      await tenant.secrets.seal('oauth', context, 'x'),
      await tenant.secrets.sealOnly('oauth', context, 'x'),
    ];
    await tenant.secrets.shred();
    await tenant.secrets.seal('oauth', context, 'y');
    for (const envelope of envelopes)
      await expect(tenant.secrets.open('oauth', context, envelope)).rejects.toBeInstanceOf(EnvelopeError);
  });

  it('can be forgotten one by one when they have keys of their own', async () => {
    const tenant = await fixture.openTenants().for(randomUUID());
    const [gone, kept] = [
      await tenant.secrets.sealOnly('credentials', context, 'gone'),
      await tenant.secrets.sealOnly('credentials', context, 'kept'),
    ];
    await tenant.secrets.forget('credentials', gone);
    await expect(tenant.secrets.open('credentials', context, gone)).rejects.toBeInstanceOf(EnvelopeError);
    expect((await tenant.secrets.open('credentials', context, kept)).toString()).toBe('kept');
  });
});

describe('credentials', () => {
  const openAi = { provider: 'openai' as const, hint: 'WXYZ', scopes: [], simulated: true };

  it('are stored without the right to decrypt, listed without the secret, replaced and removed', async () => {
    const { credentials, events } = await fixture.openTenants().for(randomUUID());
    fixture.denied.add('kms:Decrypt');
    await credentials.put({ ...openAi, secret: 'sk-first-WXYZ' });
    const second = await credentials.put({ ...openAi, hint: '9876', secret: 'sk-second-9876' });
    expect(await credentials.list()).toEqual([second]);
    expect(JSON.stringify(second)).not.toContain('sk-');
    await expect(credentials.open('openai')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    fixture.denied.clear();
    expect(await credentials.open('openai')).toEqual({ credential: second, secret: 'sk-second-9876' });
    await credentials.setState('openai', 'invalid');
    await credentials.setState('openai', 'invalid');
    expect((await credentials.get('openai'))?.state).toBe('invalid');
    expect((await credentials.open('openai'))?.secret).toBe('sk-second-9876');
    expect([await credentials.remove('openai'), await credentials.remove('openai')]).toEqual([true, false]);
    expect(await credentials.open('openai')).toBeUndefined();
    await credentials.setState('openai', 'valid');
    expect((await events.after(0)).items.map(({ type }) => type)).toEqual(
      Array.from({ length: 4 }, () => 'credentials.updated'),
    );
  });

  it('open nowhere but where they were stored', async () => {
    const { credentials, items } = await fixture.openTenants().for(randomUUID());
    await credentials.put({ ...openAi, secret: 'sk-first-WXYZ' });
    const stored = await items.get('CREDENTIAL#openai', z.looseObject({ version: z.number() }));
    const item = { ...stored, provider: 'google' };
    await items.write({ kind: 'put', sk: 'CREDENTIAL#google', item });
    await expect(credentials.open('google')).rejects.toBeInstanceOf(EnvelopeError);
    await items.write({ kind: 'update', sk: 'CREDENTIAL#openai', set: { version: 9 } });
    await expect(credentials.open('openai')).rejects.toBeInstanceOf(EnvelopeError);
  });
});

describe('OAuth states', () => {
  const begun = {
    state: 'state-1',
    verifier: 'pkce-secret',
    browser: 'nonce-secret',
    redirect: '/settings',
    sessionId: 's1',
  };

  it('are good once', async () => {
    const { oauthStates } = await fixture.openTenants().for(randomUUID());
    await oauthStates.create(begun);
    const uses = await Promise.all(Array.from({ length: 5 }, () => oauthStates.consume(begun)));
    expect(uses.filter((use) => use !== undefined)).toEqual([
      { verifier: 'pkce-secret', redirect: '/settings', sessionId: 's1' },
    ]);
  });

  it('are good in the browser that began only, and for ten minutes', async () => {
    const { oauthStates, items } = await fixture.openTenants().for(randomUUID());
    await oauthStates.create(begun);
    expect(await oauthStates.consume({ ...begun, browser: 'other' })).toBeUndefined();
    await oauthStates.create({ ...begun, state: 'state-2' });
    fixture.clock.now += 10 * minute + 1000;
    expect(await oauthStates.consume({ ...begun, state: 'state-2' })).toBeUndefined();
    await oauthStates.create({ ...begun, state: 'state-3' });
    const stored = await items.query({ prefix: 'OAUTHSTATE#' }, z.unknown());
    expect(JSON.stringify(stored)).not.toMatch(/state-3|-secret/);
  });
});

describe("a passkey's answer", () => {
  const sortKeys = async (table: string, pk: string) => {
    const { Items = [] } = await fixture.clients.dynamodb.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
      }),
    );
    return Items.map((item) => z.looseObject({ sk: z.string(), expiresAt: z.number().optional() }).parse(item));
  };

  async function answered() {
    const userId = randomUUID();
    const tenant = await fixture.openTenants().for(userId);
    const requestId = randomUUID();
    const expiresAt = new Date(fixture.clock.now + minute).toISOString();
    const { status } = await tenant.whatsapp.beginConnect();
    await tenant.whatsapp.update(status.generation, {
      state: 'passkey',
      passkey: { requestId, challenge: 'x', allowCredentials: [], extensions: {}, expiresAt, answered: false },
    });
    await tenant.linkAnswers.submitPasskey(requestId, { outcome: 'refused' });
    const keysLeft = () => sortKeys('keys', `USER#${userId}`);
    const answersLeft = async () =>
      (await sortKeys('items', `USER#${userId}`)).filter(({ sk }) => sk.startsWith('PASSKEYANSWER#'));
    return { tenant, requestId, expiresAt, keysLeft, answersLeft };
  }

  it('that expired untaken leaves neither item nor key once somebody asks for it', async () => {
    const { tenant, requestId, keysLeft, answersLeft } = await answered();
    expect(await keysLeft()).toHaveLength(2);
    fixture.clock.now += 2 * minute;
    expect(await tenant.linkAnswers.takePasskey(requestId)).toBeUndefined();
    expect(await answersLeft()).toEqual([]);
    expect((await keysLeft()).map(({ sk }) => sk)).toEqual(['DATAKEY#content']);
  });

  it('can be opened by nobody from its end on, whether or not somebody asks, and DynamoDB sweeps its key', async () => {
    const { tenant, requestId, expiresAt, keysLeft } = await answered();
    const record = await tenant.items.get(
      `PASSKEYANSWER#${requestId}`,
      z.object({ sk: z.string(), pk: z.string(), sealed: z.instanceof(Uint8Array) }),
    );
    const at = { table: 'items', pk: record?.pk ?? '', sk: record?.sk ?? '', field: 'answer', version: 1 };
    const open = () => tenant.secrets.open('whatsapp', at, record?.sealed ?? new Uint8Array());
    expect((await open()).toString()).toContain('refused');
    const [, ofAnswer] = await keysLeft();
    expect(ofAnswer).toMatchObject({
      sk: expect.stringContaining('DATAKEY#whatsapp#'),
      expiresAt: Math.ceil(Date.parse(expiresAt) / 1_000),
    });
    fixture.clock.now += 2 * minute;
    await expect(open()).rejects.toBeInstanceOf(EnvelopeError);
    // An erasure doesn't wait for the sweep.
    await tenant.secrets.shred();
    expect(await keysLeft()).toEqual([]);
  });

  it('is the only thing whose key expires', async () => {
    const { tenant, keysLeft } = await answered();
    for (const purpose of ['credentials', 'oauth', 'whatsapp', 'content'] as const) {
      await tenant.secrets.seal(purpose, context, 'x');
      await tenant.secrets.sealOnly(purpose, context, 'x');
    }
    await tenant.credentials.put({ provider: 'openai', secret: 'sk', hint: 'sk', scopes: [], simulated: true });
    const left = await keysLeft();
    expect(left).toHaveLength(10);
    expect(left.filter((key) => key.expiresAt !== undefined)).toHaveLength(1);
  });
});
