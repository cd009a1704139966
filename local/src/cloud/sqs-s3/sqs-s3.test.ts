import { ReceiveMessageCommand, SendMessageCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSqsS3, type SqsS3 } from './index.ts';

describe('SQS on this machine', () => {
  let dir: string;
  let service: SqsS3;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'sqs-'));
    service = await startSqsS3({ dir });
  });
  afterEach(async () => {
    await service.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const client = () =>
    new SQSClient({
      endpoint: service.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });

  async function receive(url: string, wait = 0): Promise<Message[]> {
    const { Messages = [] } = await client().send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: wait }),
    );
    return Messages;
  }

  const send = (url: string, body: string, group: string) =>
    client().send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageGroupId: group, MessageDeduplicationId: body }),
    );

  it('keeps messages and their order through a restart', async () => {
    const { url } = service.ensureQueue({ name: 'work', fifo: true });
    for (const body of ['1', '2', '3']) await send(url, body, 'one');
    await service.close();
    service = await startSqsS3({ dir });
    const again = service.ensureQueue({ name: 'work', fifo: true });
    expect((await receive(again.url)).map((message) => message.Body)[0]).toBe('1');
  });

  it('moves a message that keeps failing to the dead-letter queue', async () => {
    const queue = service.ensureQueue({ name: 'work', fifo: true, maxReceiveCount: 1, visibilityTimeout: 1 });
    await send(queue.url, 'poison', 'one');
    expect(await receive(queue.url)).toHaveLength(1);
    await expect
      .poll(async () => (await receive(queue.url)).length + (await receive(queue.deadLetterUrl ?? '')).length, {
        timeout: 5_000,
      })
      .toBe(1);
    expect(await receive(queue.url)).toHaveLength(0);
  });
});
