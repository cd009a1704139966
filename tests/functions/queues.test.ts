import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import {
  createAssistantQueue,
  createClients,
  createWakeQueue,
  createWakeReceiver,
  type AwsClients,
} from '@top-active/aws';
import { createIdSource, shardOf } from '@top-active/core/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSqsS3, type SqsS3 } from '@top-active/cloud/sqs-s3';

const dir = mkdtempSync(join(tmpdir(), 'queues-'));
const commandId = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
let sqs: SqsS3;
let clients: AwsClients;
let urlTemplate: string;
let name = 0;
beforeAll(async () => {
  sqs = await startSqsS3({ dir });
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
  });
  clients = createClients();
});
afterAll(async () => {
  clients.close();
  await sqs.close();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => {
  name += 1;
  const urls = [0, 1].map((shard) => sqs.ensureQueue({ name: `wake${name}-${shard}`, fifo: true }).url);
  urlTemplate = urls[0]?.replace(`wake${name}-0`, `wake${name}-{shard}`) ?? '';
});

const receiver = (shard: number) => createWakeReceiver(clients, { urlTemplate, shard });

describe('wakes', () => {
  it("reach the host of the user's shard, once", async () => {
    const queue = createWakeQueue(clients, { urlTemplate, shards: 2 });
    const users = Array.from({ length: 6 }, () => randomUUID());
    const newId = createIdSource(Date.now);
    for (const userId of users) {
      const id = newId();
      await queue.wake(userId, id);
      await queue.wake(userId, id);
    }
    for (const shard of [0, 1]) {
      const expected = users.filter((userId) => shardOf(userId, 2) === shard);
      const got: string[] = [];
      await vi.waitFor(
        async () => {
          for (const { wake, receiptHandle } of await receiver(shard).receive({ waitSeconds: 1 })) {
            got.push(wake.userId);
            await receiver(shard).done(receiptHandle);
          }
          expect(got.toSorted()).toEqual(expected.toSorted());
        },
        { timeout: 10_000 },
      );
    }
  });

  it('are repeated for maintenance, though SQS remembers the first one', async () => {
    const queue = createWakeQueue(clients, { urlTemplate, shards: 1 });
    const userId = randomUUID();
    await queue.wake(userId, commandId);
    const [first] = await receiver(0).receive({ waitSeconds: 1 });
    await receiver(0).done(first?.receiptHandle ?? '');
    await queue.wake(userId, commandId);
    expect(await receiver(0).receive({ waitSeconds: 1 })).toEqual([]);
    await queue.wake(userId, commandId, { again: true });
    expect(await receiver(0).receive({ waitSeconds: 1 })).toMatchObject([{ wake: { userId } }]);
  });

  it('end their long poll when told to', async () => {
    const controller = new AbortController();
    const began = performance.now();
    const polling = receiver(0).receive({ signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    expect(await polling).toEqual([]);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('that nobody can read are dropped', async () => {
    const QueueUrl = urlTemplate.replace('{shard}', '0');
    for (const MessageBody of ['not json', '{"type":"wake","userId":"x"}'])
      await clients.sqs.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody,
          MessageGroupId: MessageBody,
          MessageDeduplicationId: randomUUID(),
        }),
      );
    expect(await receiver(0).receive({ waitSeconds: 1 })).toEqual([]);
    const left = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0, VisibilityTimeout: 1 }),
    );
    expect(left.Messages ?? []).toEqual([]);
  });
});

describe('assistant jobs', () => {
  it('are grouped by chat, and the same one arrives once', async () => {
    const { url } = sqs.ensureQueue({ name: `assistant${name}`, fifo: true });
    const queue = createAssistantQueue(clients, { url });
    const [userId, chatId, messageId] = [randomUUID(), commandId, '1790000000000-ABC'];
    const job = { type: 'suggest', userId, chatId, messageId } as const;
    await queue.send(job, { deduplicationId: 'suggest-1' });
    await queue.send(job, { deduplicationId: 'suggest-1' });
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['MessageGroupId'],
      }),
    );
    expect(Messages.map(({ Body = '' }) => JSON.parse(Body) as unknown)).toEqual([job]);
    expect(Messages[0]?.Attributes?.MessageGroupId).toBe(`${userId}#${chatId}`);
  });
});
