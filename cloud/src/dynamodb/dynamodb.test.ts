import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeServer, listenOnLoopback, PortTakenError } from '../loopback/index.ts';
import { hostOf } from './dynamodb.ts';
import { startError } from './start-error.ts';
import { ensureTables, startDynamoDb, type DynamoDb, type DynamoDbOptions } from './index.ts';

const things = {
  TableName: 'things',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: ['pk', 'sk', 'due'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-due',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'due', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
} satisfies CreateTableCommandInput;

const client = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('DynamoDB on this machine', () => {
  let dir: string;
  const started: DynamoDb[] = [];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((dynamodb) => dynamodb.close()));
    rmSync(dir, { recursive: true, force: true });
  });

  async function start(options: Partial<DynamoDbOptions> = {}) {
    const dynamodb = await startDynamoDb({ dir, ...options });
    started.push(dynamodb);
    const { endpoint } = dynamodb;
    return {
      dynamodb,
      db: new DynamoDBClient({ endpoint, ...client }),
      streams: new DynamoDBStreamsClient({ endpoint, ...client }),
    };
  }

  it('keeps its tables and items through a kill', async () => {
    const first = await start();
    const before = await ensureTables(first.db, [things]);
    await first.db.send(put('a'));
    await killed(first.dynamodb);
    const second = await start();
    expect(await ensureTables(second.db, [things])).toEqual(before);
    const Key = { pk: { S: 'u1' }, sk: { S: 'a' } };
    expect((await second.db.send(new GetItemCommand({ TableName: 'things', Key }))).Item).toEqual(Key);
  });

  it('hides at an address that no web page could guess where the data is real, and only there', () => {
    expect(hostOf({ hidden: false })).toBe('127.0.0.1');
    const hidden = new Set(Array.from({ length: 20 }, () => hostOf({ hidden: true })));
    expect(hidden.size).toBeGreaterThan(15);
    for (const host of hidden) expect(host).toMatch(/^127\.\d+\.\d+\.\d+$/);
  });

  it('goes on with a stream where it was before a kill', async () => {
    const first = await start();
    const StreamArn = (await ensureTables(first.db, [things])).get('things');
    for (const sk of ['1', '2', '3']) await first.db.send(put(sk));
    await first.db.send(
      new UpdateItemCommand({
        TableName: 'things',
        Key: { pk: { S: 'u1' }, sk: { S: '1' } },
        UpdateExpression: 'SET seen = :yes',
        ExpressionAttributeValues: { ':yes': { BOOL: true } },
      }),
    );
    const [shard] =
      (await first.streams.send(new DescribeStreamCommand({ StreamArn }))).StreamDescription?.Shards ?? [];
    const at = { StreamArn, ShardId: shard?.ShardId };
    const begin = await first.streams.send(new GetShardIteratorCommand({ ...at, ShardIteratorType: 'TRIM_HORIZON' }));
    const { Records = [] } = await first.streams.send(
      new GetRecordsCommand({ ShardIterator: begin.ShardIterator, Limit: 2 }),
    );
    expect(Records.map((record) => record.dynamodb?.Keys?.sk?.S)).toEqual(['1', '2']);
    const SequenceNumber = Records.at(-1)?.dynamodb?.SequenceNumber;

    await killed(first.dynamodb);
    const second = await start();
    await second.db.send(put('4'));
    const after = await second.streams.send(
      new GetShardIteratorCommand({ ...at, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber }),
    );
    const rest = await second.streams.send(new GetRecordsCommand({ ShardIterator: after.ShardIterator }));
    expect(rest.Records?.map((record) => [record.eventName, record.dynamodb?.Keys?.sk?.S])).toEqual([
      ['INSERT', '3'],
      ['MODIFY', '1'],
      ['INSERT', '4'],
    ]);
    expect(rest.Records?.[1]?.dynamodb).toMatchObject({
      OldImage: { pk: { S: 'u1' }, sk: { S: '1' } },
      NewImage: { seen: { BOOL: true } },
    });
  });

  it('writes on a condition, and answers the item that stood against it', async () => {
    const { db } = await start();
    await ensureTables(db, [things]);
    const once = { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    await db.send(put('a', once));
    const refusal = await db.send(put('a', once)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConditionalCheckFailedException);
    expect(refusal).toMatchObject({ Item: { sk: { S: 'a' } } });
  });

  it('writes all of a transaction or nothing, and says which condition failed', async () => {
    const { db } = await start();
    await ensureTables(db, [things]);
    await db.send(put('a'));
    const items = ['b', 'a', 'c'].map((sk) => ({
      Put: {
        TableName: 'things',
        Item: { pk: { S: 'u1' }, sk: { S: sk } },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    }));
    await expect(db.send(new TransactWriteItemsCommand({ TransactItems: items }))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
    });
    const found = await db.send(
      new QueryCommand({
        TableName: 'things',
        KeyConditionExpression: 'pk = :u',
        ExpressionAttributeValues: { ':u': { S: 'u1' } },
      }),
    );
    expect(found.Items?.map((item) => item.sk?.S)).toEqual(['a']);
  });

  it('finds by an index, in its order', async () => {
    const { db } = await start();
    await ensureTables(db, [things]);
    for (const [sk, due] of [
      ['a', '2'],
      ['b', '1'],
    ] as const)
      await db.send(put(sk, { Item: { pk: { S: 'u1' }, sk: { S: sk }, due: { S: due } } }));
    await db.send(put('c'));
    const found = await db.send(
      new QueryCommand({
        TableName: 'things',
        IndexName: 'by-due',
        KeyConditionExpression: 'pk = :u',
        ExpressionAttributeValues: { ':u': { S: 'u1' } },
      }),
    );
    expect(found.Items?.map((item) => item.sk?.S)).toEqual(['b', 'a']);
  });

  it('refuses a table that is there with another shape', async () => {
    const { db } = await start();
    await ensureTables(db, [
      { ...things, GlobalSecondaryIndexes: undefined, AttributeDefinitions: things.AttributeDefinitions.slice(0, 2) },
    ]);
    await expect(ensureTables(db, [things])).rejects.toMatchObject({
      name: 'ServiceStartError',
      message: expect.stringContaining('by-due(pk, due)'),
      remedy: expect.stringContaining('--fresh'),
    });
  });

  it('ends with the process that started it, however that ends', async () => {
    const script = `
      const { startDynamoDb } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      process.stdout.write(String((await startDynamoDb({ dir: ${JSON.stringify(dir)} })).pid));`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number((await once(parent.stdout, 'data'))[0]);
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5_000 });
  });

  it('is gone when it is closed', async () => {
    const { dynamodb } = await start();
    await dynamodb.close();
    expect(isAlive(dynamodb.pid ?? 0)).toBe(false);
  });

  it('tells when it ends by itself, and only then', async () => {
    const exits: Error[] = [];
    const { dynamodb } = await start({ onExit: (error) => exits.push(error) });
    await dynamodb.close();
    const second = await start({ onExit: (error) => exits.push(error) });
    expect(exits).toEqual([]);
    await killed(second.dynamodb);
    await vi.waitFor(() => expect(exits).toHaveLength(1));
  });

  it('says which port is taken', async () => {
    const server = createServer();
    const port = await listenOnLoopback(server, { what: 'the test' });
    const error = await startDynamoDb({ dir, port }).catch((thrown: unknown) => thrown);
    await closeServer(server);
    expect(error).toBeInstanceOf(PortTakenError);
    expect(error).toMatchObject({ port });
  });

  it('says that its file is damaged and what to do', async () => {
    writeFileSync(join(dir, 'tables.db'), 'x'.repeat(4096));
    await expect(startDynamoDb({ dir })).rejects.toMatchObject({
      name: 'ServiceStartError',
      message: expect.stringContaining('damaged'),
      remedy: expect.stringContaining('--fresh'),
    });
  });

  it('uses an endpoint that somebody else runs, and leaves it running', async () => {
    const { dynamodb } = await start();
    const named = await startDynamoDb({ dir, endpoint: dynamodb.endpoint });
    expect(named).toMatchObject({ endpoint: dynamodb.endpoint, pid: undefined });
    await named.close();
    expect(isAlive(dynamodb.pid ?? 0)).toBe(true);
  });
});

describe('what DynamoDB could not start for', () => {
  it.each([
    ['error: Internal error: database or disk is full', 'no room'],
    ['error: port 8000 is already in use (detected listener)', 'Port 8000'],
    ['error: Database file is encrypted or not a valid SQLite database.', 'damaged'],
    ['error: Internal error: unable to open database file: /x', 'unable to open database file: /x'],
    ['', 'no reason'],
  ])('is told in words: %s', (written, words) => {
    const error = startError({ written, port: 8000, file: '/x' });
    expect(error.message).toContain(words);
    expect(error).toHaveProperty('remedy', expect.stringMatching(/\w/));
  });
});

function put(sk: string, more: object = {}) {
  return new PutItemCommand({ TableName: 'things', Item: { pk: { S: 'u1' }, sk: { S: sk } }, ...more });
}

async function killed({ pid = 0 }: DynamoDb): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
