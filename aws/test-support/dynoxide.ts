import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTestKms, type TestKms } from './test-kms.ts';
import { tableDefinitions, type TableName } from '../src/table-definitions.ts';

export interface TestDynamoDb {
  endpoint: string;
  client: DynamoDBDocumentClient;
  /** Wraps the data keys of whoever stores in these tables. */
  kms: TestKms;
  /** Another client, as another process would have. */
  connect(): DynamoDBDocumentClient;
  close(): Promise<void>;
}

/** A DynamoDB of its own in memory, with the product's tables (named as in `tableDefinitions`). */
export async function startDynamoDb(): Promise<TestDynamoDb> {
  const port = await freePort();
  const binary = join(dirname(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json')), 'dynoxide');
  const child = spawn(binary, ['serve', '--port', String(port)], { stdio: 'ignore' });
  await untilListening(port);
  const endpoint = `http://127.0.0.1:${port}`;
  const opened: DynamoDBClient[] = [];

  function open(): DynamoDBDocumentClient {
    const client = new DynamoDBClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 3,
    });
    opened.push(client);
    return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  const client = open();
  for (const name of ['items', 'keys', 'placements', 'limits', 'erasures', 'leases'] as const)
    await createTable(client, name);
  return {
    endpoint,
    client,
    kms: createTestKms(),
    connect: open,
    async close() {
      for (const client of opened) client.destroy();
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

async function createTable(client: DynamoDBDocumentClient, name: TableName): Promise<void> {
  const { partitionKey, sortKey, indexes } = tableDefinitions[name];
  const attributes = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keySchema(partitionKey, sortKey),
      AttributeDefinitions: [...new Set(attributes)].flatMap((attribute) =>
        attribute ? [{ AttributeName: attribute, AttributeType: 'S' as const }] : [],
      ),
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(index.partitionKey, index.sortKey),
          Projection: { ProjectionType: 'ALL' as const },
        })),
      }),
    }),
  );
}

function keySchema(hash: string, range?: string): KeySchemaElement[] {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range ? [{ AttributeName: range, KeyType: 'RANGE' as const }] : []),
  ];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}

async function untilListening(port: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(20);
    } finally {
      socket.destroy();
    }
  }
}
