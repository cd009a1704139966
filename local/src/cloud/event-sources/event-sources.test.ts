import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureTables, startDynamoDb } from '../dynamodb/index.ts';
import { startSqsS3, type SqsS3 } from '../sqs-s3/index.ts';
import {
  startSchedule,
  startSqsEventSource,
  startStreamEventSource,
  type EventSource,
  type InvokeFunction,
} from './index.ts';

const credentials = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' };
const closers: (() => Promise<unknown> | void)[] = [];
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'event-sources-'));
});
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
  rmSync(dir, { recursive: true, force: true });
});

function started<T extends EventSource>(source: T): T {
  closers.push(() => source.stop());
  return source;
}

describe('SQS event source', () => {
  let sqs: SqsS3;
  beforeEach(async () => {
    sqs = await startSqsS3({ dir });
    closers.push(() => sqs.close());
  });

  function consume(queue: { url: string; arn: string }, invoke: InvokeFunction): void {
    started(
      startSqsEventSource({
        endpoint: sqs.endpoint,
        accessKeyId: 'AKIALOCAL',
        queueUrl: queue.url,
        queueArn: queue.arn,
        functionName: 'worker',
        batchSize: 10,
        maximumConcurrency: 5,
        invoke,
        onError: (error) => {
          throw error;
        },
      }),
    );
  }

  async function send(url: string, group: string, ...bodies: string[]): Promise<void> {
    const client = new SQSClient({ endpoint: sqs.endpoint, region: 'us-east-1', credentials });
    for (const MessageBody of bodies)
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody,
          MessageGroupId: group,
          MessageDeduplicationId: MessageBody,
        }),
      );
    client.destroy();
  }

  const records = (event: unknown) => (event as { Records: { body: string; messageId: string }[] }).Records;

  it('retries what a function reports as failed, in the order of its group', async () => {
    const queue = sqs.ensureQueue({ name: 'work', fifo: true, visibilityTimeout: 30 });
    const seen: string[] = [];
    let broken = true;
    consume(queue, async (_, event) => {
      const failures = records(event).filter(({ body }) => body === 'b' && broken);
      if (failures.length > 0) broken = false;
      seen.push(
        ...records(event)
          .filter((record) => !failures.includes(record))
          .map(({ body }) => body),
      );
      return { batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    await send(queue.url, 'one', 'a', 'b', 'c');
    await expect.poll(() => [...new Set(seen)], { timeout: 10_000 }).toEqual(['a', 'b', 'c']);
  });

  it('gives a poisoned message to the dead-letter queue without holding up other groups', async () => {
    const queue = sqs.ensureQueue({ name: 'work', fifo: true, visibilityTimeout: 30, maxReceiveCount: 2 });
    const seen: string[] = [];
    consume(queue, async (_, event) => {
      const bodies = records(event).map(({ body }) => body);
      if (bodies.includes('poison')) throw new Error('cannot');
      seen.push(...bodies);
      return {};
    });
    const dead: string[] = [];
    consume({ url: queue.deadLetterUrl ?? '', arn: 'arn:dead' }, async (_, event) => {
      dead.push(...records(event).map(({ body }) => body));
      return {};
    });
    await send(queue.url, 'bad', 'poison');
    await send(queue.url, 'good', 'fine');
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['fine']);
    await expect.poll(() => dead, { timeout: 10_000 }).toEqual(['poison']);
  });
});

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('stream event source', () => {
  const table = {
    TableName: 'things',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
    BillingMode: 'PAY_PER_REQUEST' as const,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const },
  };

  async function makeTable() {
    const dynamodb = await startDynamoDb({ dir });
    closers.push(() => dynamodb.close());
    const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, region: 'us-east-1', credentials });
    const streamArn = (await ensureTables(client, [table])).get('things') ?? '';
    const put = (pk: string) => client.send(new PutItemCommand({ TableName: 'things', Item: { pk: { S: pk } } }));
    const follow = (
      invoke: InvokeFunction,
      onFailure: (records: readonly object[]) => Promise<void> = async () => undefined,
    ) =>
      startStreamEventSource({
        dir: join(dir, 'positions'),
        endpoint: dynamodb.endpoint,
        accessKeyId: 'AKIALOCAL',
        streamArn,
        functionName: 'dispatch',
        filters: [{ dynamodb: { NewImage: { pk: { S: [{ 'anything-but': ['ignored'] }] } } } }],
        batchSize: 10,
        maximumRetryAttempts: 2,
        invoke,
        onFailure,
        onError: (error) => {
          throw error;
        },
      });
    return { put, follow };
  }

  const keysOf = (event: unknown) =>
    (event as { Records: { dynamodb: { NewImage: { pk: { S: string } } } }[] }).Records.map(
      (record) => record.dynamodb.NewImage.pk.S,
    );

  it('delivers what fits its filter, in order, and goes on where it was after a restart', async () => {
    const { put, follow } = await makeTable();
    const seen: string[] = [];
    const collect: InvokeFunction = async (_, event) => void seen.push(...keysOf(event));
    const first = follow(collect);
    for (const pk of ['a', 'ignored', 'b']) await put(pk);
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['a', 'b']);
    await first.stop();
    await put('c');
    started(follow(collect));
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['a', 'b', 'c']);
  });

  it('isolates a record that always fails, gives it up, and goes on', async () => {
    const { put, follow } = await makeTable();
    const seen: string[] = [];
    const givenUp: object[] = [];
    for (const pk of ['a', 'poison', 'b']) await put(pk);
    started(
      follow(
        async (_, event) => {
          if (keysOf(event).includes('poison')) throw new Error('cannot');
          seen.push(...keysOf(event));
        },
        async (records) => void givenUp.push(...records),
      ),
    );
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['a', 'b']);
    expect(keysOf({ Records: givenUp })).toEqual(['poison']);
  });
});

describe('schedule', () => {
  it('invokes again and again, never twice at once', async () => {
    let runs = 0;
    let atOnce = 0;
    let most = 0;
    started(
      startSchedule({
        functionName: 'maintenance',
        everyMs: 5,
        invoke: async () => {
          most = Math.max(most, (atOnce += 1));
          await new Promise((resolve) => setTimeout(resolve, 12));
          atOnce -= 1;
          runs += 1;
        },
        onError: (error) => {
          throw error;
        },
      }),
    );
    await expect.poll(() => runs, { timeout: 5_000 }).toBeGreaterThan(3);
    expect(most).toBe(1);
  });
});
