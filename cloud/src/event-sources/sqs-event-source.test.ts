import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startSqsS3, type EnsuredQueue, type SqsS3 } from '../sqs-s3/index.ts';
import { startSqsEventSource, type EventSource, type SqsEventSourceOptions } from './index.ts';

const eventSchema = z.object({ Records: z.array(z.looseObject({ body: z.string(), messageId: z.string() })) });
type TestRecord = z.infer<typeof eventSchema>['Records'][number];

let dir: string;
let sqs: SqsS3;
const sources: EventSource[] = [];
const errors: unknown[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'sqs-source-'));
  sqs = await startSqsS3({ dir });
});
afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.stop()));
  await sqs.close();
  rmSync(dir, { recursive: true, force: true });
  const unexpected = errors.splice(0);
  if (unexpected.length > 0) throw new AggregateError(unexpected);
});

/** Hands each batch to `work`. */
function consume(
  queue: Pick<EnsuredQueue, 'url' | 'arn'>,
  work: (records: TestRecord[]) => unknown,
  options: Partial<SqsEventSourceOptions> = {},
): EventSource {
  const source = startSqsEventSource({
    endpoint: sqs.endpoint,
    accessKeyId: 'AKIALOCAL',
    queueUrl: queue.url,
    queueArn: queue.arn,
    functionName: 'worker',
    batchSize: 10,
    maximumConcurrency: 5,
    retryAfterSeconds: 1,
    invoke: async (_, event) => work(eventSchema.parse(event).Records),
    onError: (error) => errors.push(error),
    ...options,
  });
  sources.push(source);
  return source;
}

function client(): SQSClient {
  const credentials = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' };
  return new SQSClient({ endpoint: sqs.endpoint, region: 'us-east-1', credentials });
}

async function send(QueueUrl: string, MessageGroupId: string, ...bodies: string[]): Promise<void> {
  for (const MessageBody of bodies)
    await client().send(
      new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId: MessageBody }),
    );
}

/** Messages in a queue, visible or not. */
async function countOf(QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await client().send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
}

describe('SQS event source', () => {
  it('hands over messages as Lambda does and deletes what was taken', async () => {
    const queue = sqs.ensureQueue({ name: 'work' });
    const seen: TestRecord[] = [];
    consume(queue, (records) => void seen.push(...records));
    await client().send(
      new SendMessageCommand({
        QueueUrl: queue.url,
        MessageBody: 'olá',
        MessageAttributes: {
          a: { DataType: 'String', StringValue: 'x' },
          b: { DataType: 'Binary', BinaryValue: new Uint8Array([255, 0]) },
        },
      }),
    );
    await expect.poll(() => seen, { timeout: 5_000 }).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      body: 'olá',
      eventSource: 'aws:sqs',
      eventSourceARN: queue.arn,
      awsRegion: 'us-east-1',
      receiptHandle: expect.any(String),
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d+$/) },
      messageAttributes: {
        a: { dataType: 'String', stringValue: 'x', stringListValues: [], binaryListValues: [] },
        b: { dataType: 'Binary', binaryValue: '/wA=' },
      },
    });
    await expect.poll(() => countOf(queue.url)).toBe(0);
  });

  it('retries what a function reports as failed, in the order of its group', async () => {
    const queue = sqs.ensureQueue({ name: 'work', fifo: true });
    const seen: string[] = [];
    let broken = true;
    consume(queue, (records) => {
      const failed = records.filter(({ body }) => body === 'b' && broken);
      if (failed.length > 0) broken = false;
      seen.push(...records.filter((record) => !failed.includes(record)).map(({ body }) => body));
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    await send(queue.url, 'one', 'a', 'b', 'c');
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['a', 'b', 'c']);
    expect(await countOf(queue.url)).toBe(0);
  });

  it('leaves what failed hidden for as long as the queue says, as Lambda does', async () => {
    const queue = sqs.ensureQueue({ name: 'work', fifo: true, visibilityTimeout: 3 });
    const attempts: number[] = [];
    const fail = () => {
      attempts.push(performance.now());
      if (attempts.length === 1) throw new Error('cannot');
    };
    consume(queue, fail, { retryAfterSeconds: undefined });
    await send(queue.url, 'one', 'a');
    await expect.poll(() => attempts.length, { timeout: 10_000 }).toBe(2);
    // Its clock counts whole seconds.
    expect((attempts[1] ?? 0) - (attempts[0] ?? 0)).toBeGreaterThan(1_900);
  });

  it('retries the whole batch when the function fails', async () => {
    const queue = sqs.ensureQueue({ name: 'work' });
    const attempts: string[][] = [];
    for (const body of ['a', 'b'])
      await client().send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body }));
    consume(queue, (records) => {
      attempts.push(records.map(({ body }) => body));
      if (attempts.length === 1) throw new Error('cannot');
    });
    await expect.poll(() => countOf(queue.url), { timeout: 10_000 }).toBe(0);
    expect(attempts[0]).toEqual(['a', 'b']);
    expect(new Set(attempts.slice(1).flat())).toEqual(new Set(['a', 'b']));
  });

  it('gives a poisoned message to the dead-letter queue without holding up other groups', async () => {
    const queue = sqs.ensureQueue({ name: 'work', fifo: true, maxReceiveCount: 2 });
    const seen: string[] = [];
    const dead: string[] = [];
    consume(queue, (records) => {
      const bodies = records.map(({ body }) => body);
      if (bodies.includes('poison')) throw new Error('cannot');
      seen.push(...bodies);
    });
    consume(
      { url: queue.deadLetterUrl ?? '', arn: 'arn:dead' },
      (records) => void dead.push(...records.map(({ body }) => body)),
    );
    await send(queue.url, 'bad', 'poison');
    await send(queue.url, 'good', 'fine');
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['fine']);
    await expect.poll(() => dead, { timeout: 10_000 }).toEqual(['poison']);
  });

  it('runs as many batches at once as it may, and no more', async () => {
    const queue = sqs.ensureQueue({ name: 'work' });
    let [atOnce, most] = [0, 0];
    for (const body of ['a', 'b', 'c', 'd', 'e', 'f'])
      await client().send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body }));
    const options = { batchSize: 1, maximumConcurrency: 2 };
    consume(
      queue,
      async () => {
        most = Math.max(most, (atOnce += 1));
        await pause(50);
        atOnce -= 1;
      },
      options,
    );
    await expect.poll(() => countOf(queue.url), { timeout: 10_000 }).toBe(0);
    expect(most).toBe(2);
  });

  it('finishes what is under way when it is stopped, and takes nothing new', async () => {
    const queue = sqs.ensureQueue({ name: 'work' });
    const seen: string[] = [];
    const source = consume(queue, async (records) => {
      await pause(200);
      seen.push(...records.map(({ body }) => body));
    });
    await client().send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'a' }));
    await pause(100);
    await source.stop();
    expect(seen).toEqual(['a']);
    await client().send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'b' }));
    expect(await countOf(queue.url)).toBe(1);
  });
});
