import { PermanentError } from '@top-active/core/errors';
import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFifoHandler, type JobHandler } from './fifo-handler.ts';

const schema = z.object({ n: z.int() });
type Job = z.infer<typeof schema>;

function record(messageId: string, group: string, body: string, receiveCount = 1): SQSRecord {
  return {
    messageId,
    body,
    receiptHandle: messageId,
    attributes: {
      MessageGroupId: group,
      ApproximateReceiveCount: String(receiveCount),
      ApproximateFirstReceiveTimestamp: '0',
      SenderId: 'x',
      SentTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn',
    awsRegion: 'us-east-1',
  };
}

function handlerOf(work: JobHandler<Job>) {
  return createFifoHandler({ name: 'assistant', schema, build: () => work });
}

const failures = (ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('createFifoHandler', () => {
  it('works off one record after the other, telling how often each was delivered', async () => {
    const seen: [number, number][] = [];
    const handler = handlerOf(async ({ n }, { attempt }) => void seen.push([n, attempt]));
    const Records = [record('a', 'g', '{"n":1}'), record('b', 'g', '{"n":2}', 3)];
    expect(await handler({ Records })).toEqual(failures([]));
    expect(seen).toEqual([
      [1, 1],
      [2, 3],
    ]);
  });

  it('keeps the order of a group after a failure, and goes on with the others', async () => {
    const seen: number[] = [];
    const handler = handlerOf(async ({ n }) => {
      seen.push(n);
      if (n === 1) throw new Error('not now');
    });
    const Records = [
      record('a', 'one', '{"n":1}'),
      record('b', 'two', '{"n":2}'),
      record('c', 'one', '{"n":3}'),
      record('d', 'two', '{"n":4}'),
    ];
    expect(await handler({ Records })).toEqual(failures(['a', 'c']));
    expect(seen).toEqual([1, 2, 4]);
  });

  it('gets rid of what can never succeed, and goes on behind it', async () => {
    const seen: number[] = [];
    const handler = handlerOf(async ({ n }) => {
      if (n === 1) throw new PermanentError('never');
      seen.push(n);
    });
    const Records = [
      record('a', 'g', 'not json'),
      record('b', 'g', '{"n":"one"}'),
      record('c', 'g', '{"n":1}'),
      record('d', 'g', '{"n":2}'),
    ];
    expect(await handler({ Records })).toEqual(failures([]));
    expect(seen).toEqual([2]);
  });

  it('takes a cold start that fails for a failure that may pass', async () => {
    let starts = 0;
    const handler = createFifoHandler({
      name: 'assistant',
      schema,
      build: () => {
        starts += 1;
        if (starts === 1) throw new Error('The environment is wrong');
        return async () => undefined;
      },
    });
    const event = { Records: [record('a', 'g', '{"n":1}')] };
    expect(await handler(event)).toEqual(failures(['a']));
    expect(await handler(event)).toEqual(failures([]));
    expect(await handler(event)).toEqual(failures([]));
    expect(starts).toBe(2);
  });
});
