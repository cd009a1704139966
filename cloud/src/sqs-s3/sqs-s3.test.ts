import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PortTakenError } from '../loopback/index.ts';
import { startEmulatorChild } from '../wire/emulator-child.ts';
import { startSqsS3, type SqsS3 } from './index.ts';

const account = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
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

async function restart(): Promise<void> {
  await service.close();
  service = await startSqsS3({ dir });
}

function sqs(): SQSClient {
  return new SQSClient({ endpoint: service.endpoint, ...account });
}

function s3(): S3Client {
  return new S3Client({ endpoint: service.endpoint, forcePathStyle: true, ...account });
}

async function receive(QueueUrl: string, WaitTimeSeconds = 0): Promise<Message[]> {
  const { Messages = [] } = await sqs().send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
}

async function send(QueueUrl: string, MessageGroupId: string, ...bodies: string[]): Promise<void> {
  for (const MessageBody of bodies)
    await sqs().send(
      new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId: MessageBody }),
    );
}

async function remove(QueueUrl: string, { ReceiptHandle }: Message): Promise<void> {
  await sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}

/** Receives and deletes all there is. */
async function drain(url: string): Promise<(string | undefined)[]> {
  const bodies: (string | undefined)[] = [];
  for (let messages = await receive(url); messages.length > 0; messages = await receive(url))
    for (const message of messages) {
      bodies.push(message.Body);
      await remove(url, message);
    }
  return bodies;
}

describe('SQS on this machine', () => {
  it('carries the trace of a message to its receiver, and none where there was none', async () => {
    const { url: QueueUrl } = service.ensureQueue({ name: 'traced', fifo: true });
    const message = { QueueUrl, MessageBody: 'x' };
    const header = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
    const MessageSystemAttributes = { AWSTraceHeader: { DataType: 'String', StringValue: header } };
    await sqs().send(
      new SendMessageCommand({ ...message, MessageGroupId: 'a', MessageDeduplicationId: 'a', MessageSystemAttributes }),
    );
    await sqs().send(new SendMessageCommand({ ...message, MessageGroupId: 'b', MessageDeduplicationId: 'b' }));
    const traces = (await receive(QueueUrl)).map(({ Attributes }) => [
      Attributes?.['MessageGroupId'],
      Attributes?.['AWSTraceHeader'],
    ]);
    expect(Object.fromEntries(traces)).toEqual({ a: header, b: undefined });
  });

  it('gives the messages of a group one after the other, and groups side by side', async () => {
    const { url } = service.ensureQueue({ name: 'work', fifo: true });
    await send(url, 'one', 'a1', 'a2');
    await send(url, 'two', 'b1', 'b2');
    const first = await receive(url);
    expect(new Set(first.map(({ Body }) => Body))).toEqual(new Set(['a1', 'b1']));
    expect(await receive(url)).toEqual([]);
    for (const message of first.filter(({ Body }) => Body === 'a1')) await remove(url, message);
    expect((await receive(url)).map(({ Body }) => Body)).toEqual(['a2']);
  });

  it('drops what is sent twice', async () => {
    const { url } = service.ensureQueue({ name: 'work', fifo: true });
    await send(url, 'one', 'same', 'same');
    expect(await drain(url)).toEqual(['same']);
  });

  it('keeps messages and their order through a restart, on whatever port', async () => {
    const { url } = service.ensureQueue({ name: 'work', fifo: true });
    await send(url, 'one', '1', '2', '3');
    await restart();
    expect(await drain(service.ensureQueue({ name: 'work', fifo: true }).url)).toEqual(['1', '2', '3']);
  });

  it('keeps what was sent, and what was received, through a kill', async () => {
    service.ensureQueue({ name: 'work', fifo: true, visibilityTimeout: 60 });
    await service.close();
    const child = await startEmulatorChild({
      module: new URL('./index.ts', import.meta.url).href,
      factory: 'startSqsS3',
      options: { dir },
    });
    service = { ...service, endpoint: child.endpoint };
    const there = `${child.endpoint}/000000000000/work.fifo`;
    await send(there, 'one', 'a1', 'a2');
    const received = await receive(there);
    await child.kill();
    service = await startSqsS3({ dir });
    const { url } = service.ensureQueue({ name: 'work', fifo: true, visibilityTimeout: 60 });
    expect(received).toMatchObject([{ Body: 'a1' }]);
    expect(await receive(url)).toEqual([]);
    for (const message of received) await remove(url, message);
    expect(await drain(url)).toEqual(['a2']);
  });

  it('hides a received message from others for a while, and at a wish no longer', async () => {
    const { url } = service.ensureQueue({ name: 'work', fifo: true, visibilityTimeout: 1 });
    await send(url, 'one', 'a');
    expect(await receive(url)).toHaveLength(1);
    expect(await receive(url)).toHaveLength(0);
    const [again] = await receive(url, 3);
    expect(again).toMatchObject({ Body: 'a', Attributes: { ApproximateReceiveCount: '2' } });
    const visible = { QueueUrl: url, ReceiptHandle: again?.ReceiptHandle, VisibilityTimeout: 0 };
    await sqs().send(new ChangeMessageVisibilityCommand(visible));
    expect(await receive(url)).toMatchObject([{ Body: 'a', Attributes: { ApproximateReceiveCount: '3' } }]);
  });

  it('does not lose a message to a consumer that died while it waited', async () => {
    const { url } = service.ensureQueue({ name: 'work', fifo: true, visibilityTimeout: 60 });
    const waiting = connect(Number(new URL(service.endpoint).port), '127.0.0.1');
    const body = JSON.stringify({ QueueUrl: url, WaitTimeSeconds: 20 });
    waiting.write(
      `POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\n` +
        `Content-Type: application/x-amz-json-1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    // A second request on another connection is answered after the first was taken.
    await vi.waitFor(async () => expect(await receive(url)).toEqual([]));
    waiting.destroy();
    await once(waiting, 'close');
    await send(url, 'one', 'a', 'b');
    await vi.waitFor(async () => expect((await receive(url)).map(({ Body }) => Body)).toEqual(['a']));
  });

  it('moves a message that keeps failing to the dead-letter queue', async () => {
    const queue = service.ensureQueue({ name: 'work', fifo: true, maxReceiveCount: 1, visibilityTimeout: 1 });
    await send(queue.url, 'one', 'poison', 'next');
    expect(await receive(queue.url)).toMatchObject([{ Body: 'poison' }]);
    expect(await receive(queue.url, 3)).toMatchObject([{ Body: 'next' }]);
    expect(await drain(queue.deadLetterUrl ?? '')).toEqual(['poison']);
  });

  it('brings a queue that is there to new settings, with its messages', async () => {
    const { url } = service.ensureQueue({ name: 'work', visibilityTimeout: 60 });
    await sqs().send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'a' }));
    const changed = service.ensureQueue({ name: 'work', visibilityTimeout: 1, maxReceiveCount: 5 });
    expect(changed.url).toBe(url);
    await restart();
    const again = service.ensureQueue({ name: 'work', visibilityTimeout: 1, maxReceiveCount: 5 });
    expect(await receive(again.url)).toHaveLength(1);
    expect(await receive(again.url, 3)).toHaveLength(1);
  });
});

describe('S3 on this machine', () => {
  it('keeps objects through a restart', async () => {
    service.ensureBucket('media');
    const Key = 'users/u1/ação 1.bin';
    const Body = new Uint8Array([0, 255, 10, 13]);
    await s3().send(
      new PutObjectCommand({ Bucket: 'media', Key, Body, ContentType: 'image/png', Metadata: { a: 'b' } }),
    );
    await restart();
    service.ensureBucket('media');
    const found = await s3().send(new GetObjectCommand({ Bucket: 'media', Key }));
    expect(found).toMatchObject({ ContentType: 'image/png', Metadata: { a: 'b' } });
    expect(await found.Body?.transformToByteArray()).toEqual(Body);
  });

  it('lists by prefix and deletes', async () => {
    service.ensureBucket('media');
    for (const Key of ['users/u1/a', 'users/u1/b', 'users/u2/a'])
      await s3().send(new PutObjectCommand({ Bucket: 'media', Key, Body: Key }));
    await s3().send(new DeleteObjectCommand({ Bucket: 'media', Key: 'users/u1/a' }));
    const { Contents } = await s3().send(new ListObjectsV2Command({ Bucket: 'media', Prefix: 'users/u1/' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['users/u1/b']);
  });

  it('says that there is no such object or bucket', async () => {
    service.ensureBucket('media');
    const missing = s3().send(new GetObjectCommand({ Bucket: 'media', Key: 'x' }));
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchKey' });
    const nowhere = s3().send(new CreateMultipartUploadCommand({ Bucket: 'other', Key: 'x' }));
    await expect(nowhere).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('SQS and S3', () => {
  it('are reached from this machine only', async () => {
    // A server on all interfaces would answer on every address of the loopback network.
    const socket = connect(Number(new URL(service.endpoint).port), '127.0.0.2');
    const [error] = await once(socket, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('say which port is taken', async () => {
    const port = Number(new URL(service.endpoint).port);
    const other = mkdtempSync(join(tmpdir(), 'sqs-'));
    const error = await startSqsS3({ dir: other, port }).catch((thrown: unknown) => thrown);
    rmSync(other, { recursive: true });
    expect(error).toBeInstanceOf(PortTakenError);
    expect(error).toMatchObject({ port });
  });

  it('say that their state is damaged and what to do', async () => {
    const other = mkdtempSync(join(tmpdir(), 'sqs-'));
    writeFileSync(join(other, 'fauxqs.db'), 'x'.repeat(4096));
    const error = await startSqsS3({ dir: other }).catch((thrown: unknown) => thrown);
    rmSync(other, { recursive: true });
    expect(error).toMatchObject({ name: 'ServiceStartError', remedy: expect.stringContaining('--fresh') });
  });
});
