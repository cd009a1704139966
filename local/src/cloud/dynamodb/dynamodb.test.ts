import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../loopback/index.ts';
import { ensureTables, startDynamoDb, type DynamoDb } from './index.ts';

const table = {
  TableName: 'things',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
  BillingMode: 'PAY_PER_REQUEST' as const,
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const },
};

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('DynamoDB on this machine', () => {
  let dir: string;
  let started: DynamoDb | undefined;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  });
  afterEach(async () => {
    await started?.close();
    started = undefined;
    rmSync(dir, { recursive: true, force: true });
  });

  async function start(port?: number): Promise<DynamoDBClient> {
    started = await startDynamoDb({ dir, port });
    return clientOf(started.endpoint);
  }

  it('keeps its tables and items through a kill', async () => {
    const client = await start();
    const streams = await ensureTables(client, [table]);
    await client.send(new PutItemCommand({ TableName: 'things', Item: { pk: { S: 'a' }, n: { N: '1' } } }));
    process.kill(started?.pid ?? 0, 'SIGKILL');
    const again = await start();
    expect((await ensureTables(again, [table])).get('things')).toBe(streams.get('things'));
    const { Item } = await again.send(new GetItemCommand({ TableName: 'things', Key: { pk: { S: 'a' } } }));
    expect(Item?.n).toEqual({ N: '1' });
  });

  it('names the condition that cancelled a transaction', async () => {
    const client = await start();
    await ensureTables(client, [table]);
    const put = {
      Put: { TableName: 'things', Item: { pk: { S: 'b' } }, ConditionExpression: 'attribute_not_exists(pk)' },
    };
    await client.send(new TransactWriteItemsCommand({ TransactItems: [put] }));
    const refused = await client
      .send(new TransactWriteItemsCommand({ TransactItems: [put] }))
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TransactionCanceledException);
    expect((refused as TransactionCanceledException).CancellationReasons?.[0]?.Code).toBe('ConditionalCheckFailed');
  });

  it('says which port is taken', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      await expect(startDynamoDb({ dir, port })).rejects.toThrow(new RegExp(`Port ${port}.*taken`));
    } finally {
      server.close();
    }
  });

  it('says that its file is damaged and what to do', async () => {
    writeFileSync(join(dir, 'tables.db'), 'x'.repeat(4096));
    await expect(startDynamoDb({ dir })).rejects.toMatchObject({
      name: 'DynamoDbError',
      remedy: expect.stringContaining('--fresh'),
    });
  });

  it('uses an endpoint that somebody else runs', async () => {
    await start();
    const named = await startDynamoDb({ dir, endpoint: started?.endpoint });
    expect(named).toMatchObject({ endpoint: started?.endpoint, pid: undefined });
  });
});

function clientOf(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}
