import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { ensureTables, startDynamoDb, type DynamoDb } from '../dynamodb/index.ts';
import { startStreamEventSource, type EventSource, type StreamEventSourceOptions } from './index.ts';

const recordSchema = z.looseObject({
  dynamodb: z.looseObject({ NewImage: z.looseObject({ pk: z.object({ S: z.string() }) }) }),
});
const eventSchema = z.object({ Records: z.array(recordSchema) });
type TestRecord = z.infer<typeof recordSchema>;

const things = {
  TableName: 'things',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
  BillingMode: 'PAY_PER_REQUEST' as const,
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const },
};

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('stream event source', () => {
  let dir: string;
  let dynamodb: DynamoDb;
  let db: DynamoDBClient;
  let streamArn: string;
  const sources: EventSource[] = [];
  const errors: unknown[] = [];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'stream-source-'));
    await boot();
  });
  afterEach(async () => {
    await Promise.all(sources.splice(0).map((source) => source.stop()));
    await dynamodb.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function boot(port?: number): Promise<void> {
    dynamodb = await startDynamoDb({ dir: join(dir, 'dynamodb'), port });
    const credentials = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' };
    db = new DynamoDBClient({ endpoint: dynamodb.endpoint, region: 'us-east-1', credentials });
    streamArn = (await ensureTables(db, [things])).get('things') ?? '';
  }

  async function put(pk: string, more: Record<string, AttributeValue> = {}): Promise<void> {
    await db.send(new PutItemCommand({ TableName: 'things', Item: { pk: { S: pk }, ...more } }));
  }

  function follow(
    work: (records: TestRecord[]) => unknown,
    options: Partial<StreamEventSourceOptions> = {},
  ): EventSource {
    const source = startStreamEventSource({
      dir: join(dir, 'positions'),
      endpoint: dynamodb.endpoint,
      accessKeyId: 'AKIALOCAL',
      streamArn,
      functionName: 'dispatch',
      filters: [],
      batchSize: 10,
      maximumRetryAttempts: 2,
      invoke: async (_, event) => work(eventSchema.parse(JSON.parse(JSON.stringify(event))).Records),
      onFailure: () => Promise.reject(new Error('Nothing was to be given up.')),
      onError: (error) => errors.push(error),
      ...options,
    });
    sources.push(source);
    return source;
  }

  it('hands over records as Lambda does', async () => {
    const seen: TestRecord[] = [];
    follow((records) => void seen.push(...records));
    const before = Math.floor(Date.now() / 1000);
    await put('a', { bytes: { B: new Uint8Array([255, 0]) }, set: { SS: ['x'] }, map: { M: { n: { N: '1' } } } });
    await put('a', { flag: { BOOL: true } });
    await vi.waitFor(() => expect(seen).toHaveLength(2), { timeout: 5_000 });
    expect(seen[0]).toMatchObject({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      eventVersion: '1.1',
      awsRegion: 'us-east-1',
      eventSourceARN: streamArn,
      dynamodb: {
        Keys: { pk: { S: 'a' } },
        NewImage: { bytes: { B: '/wA=' }, set: { SS: ['x'] }, map: { M: { n: { N: '1' } } } },
        ApproximateCreationDateTime: expect.toSatisfy((at: number) => at >= before - 1 && at <= before + 60),
        SequenceNumber: expect.stringMatching(/^\d+$/),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
    expect(seen[1]).toMatchObject({ eventName: 'MODIFY', dynamodb: { OldImage: { bytes: { B: '/wA=' } } } });
  });

  it('delivers what fits its filter, in order, and goes on where it was after a restart', async () => {
    const seen: string[] = [];
    const collect = (records: TestRecord[]) => void seen.push(...keysOf(records));
    const filters = [{ dynamodb: { NewImage: { pk: { S: [{ 'anything-but': ['ignored'] }] } } } }];
    const first = follow(collect, { filters });
    for (const pk of ['a', 'ignored', 'b', 'ignored']) await put(pk);
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['a', 'b']);
    await first.stop();
    await put('c');
    follow(collect, { filters });
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['a', 'b', 'c']);
  });

  it('begins anew with a stream that was made anew under the same name', async () => {
    const seen: string[] = [];
    const collect = (records: TestRecord[]) => void seen.push(...keysOf(records));
    const first = follow(collect);
    await put('old');
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['old']);
    await first.stop();
    await dynamodb.close();
    rmSync(join(dir, 'dynamodb'), { recursive: true });
    await boot();
    await put('new');
    follow(collect);
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['old', 'new']);
  });

  it('isolates a record that always fails, gives it up, and goes on', async () => {
    const seen: string[] = [];
    const givenUp: string[] = [];
    for (const pk of ['a', 'poison', 'b']) await put(pk);
    follow(
      (records) => {
        if (keysOf(records).includes('poison')) throw new Error('cannot');
        seen.push(...keysOf(records));
      },
      { onFailure: async (records) => void givenUp.push(...keysOf(z.array(recordSchema).parse(records))) },
    );
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['a', 'b']);
    expect(givenUp).toEqual(['poison']);
  });

  it('delivers a record again that could be put nowhere', async () => {
    await put('poison');
    const tried: string[] = [];
    let full = true;
    follow(() => Promise.reject(new Error('cannot')), {
      maximumRetryAttempts: 0,
      onFailure: async (records) => {
        tried.push(...keysOf(z.array(recordSchema).parse(records)));
        if (full) throw new Error('no room');
      },
    });
    await expect.poll(() => tried, { timeout: 5_000 }).toEqual(['poison']);
    full = false;
    await expect.poll(() => tried, { timeout: 5_000 }).toEqual(['poison', 'poison']);
    expect(String(errors.at(-1))).toContain('no room');
  });

  it('goes on when DynamoDB was away for a while', async () => {
    const seen: string[] = [];
    follow((records) => void seen.push(...keysOf(records)));
    await put('a');
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['a']);
    errors.length = 0;
    const port = Number(new URL(dynamodb.endpoint).port);
    await dynamodb.close();
    // Long enough for reading and for asking anew where to read.
    await expect.poll(() => errors.length, { timeout: 15_000 }).toBeGreaterThan(1);
    await boot(port);
    await put('b');
    await expect.poll(() => seen, { timeout: 15_000 }).toEqual(['a', 'b']);
  });

  it('finishes the batch under way when it is stopped, and remembers that it did', async () => {
    const seen: string[] = [];
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await put('a');
    const source = follow(async (records) => {
      begin();
      await released;
      seen.push(...keysOf(records));
    });
    await begun;
    const stopped = source.stop();
    release();
    await stopped;
    await put('b');
    follow((records) => void seen.push(...keysOf(records)));
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['a', 'b']);
  });

  it('refuses a filter it does not know at once', () => {
    expect(() => follow(() => undefined, { filters: [{ a: [{ numeric: ['=', 1] }] }] })).toThrow('numeric');
  });
});

function keysOf(records: readonly TestRecord[]): string[] {
  return records.map((record) => record.dynamodb.NewImage.pk.S);
}
