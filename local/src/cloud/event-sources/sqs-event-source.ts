import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { setTimeout as pause } from 'node:timers/promises';
import { localRegion } from '../wire/index.ts';
import { failedItems, type EventSource, type InvokeFunction, type OnError } from './types.ts';

export interface SqsEventSourceOptions {
  endpoint: string;
  accessKeyId: string;
  queueUrl: string;
  queueArn: string;
  functionName: string;
  /** 1 to 10. */
  batchSize: number;
  maximumConcurrency: number;
  invoke: InvokeFunction;
  onError: OnError;
}

const waitSeconds = 10;
const pauseAfterErrorMs = 1_000;
// fauxqs cannot persist a visibility of 0; a second keeps a failed batch from spinning as well.
const retryAfterSeconds = 1;

/**
 * Polls a queue and hands batches to a function, with partial batch responses. In a FIFO queue, what follows a failed
 * message of its group in the batch is given back too, so that order holds.
 */
export function startSqsEventSource(options: SqsEventSourceOptions): EventSource {
  const { endpoint, accessKeyId, queueUrl, functionName, batchSize, maximumConcurrency, invoke, onError } = options;
  const client = new SQSClient({
    endpoint,
    region: localRegion,
    credentials: { accessKeyId, secretAccessKey: 'local' },
  });
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  const polling = poll();

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (underWay.size >= maximumConcurrency) await Promise.race(underWay);
        const messages = await receive();
        if (messages.length === 0) continue;
        const work = process(messages).catch(onError);
        underWay.add(work);
        void work.finally(() => underWay.delete(work));
      } catch (error) {
        if (stopping.signal.aborted) return;
        onError(error);
        await pause(pauseAfterErrorMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  async function receive(): Promise<Message[]> {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: batchSize,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: stopping.signal },
    );
    return Messages;
  }

  async function process(messages: Message[]): Promise<void> {
    const failed = await failedOf(messages);
    const done = messages.filter((message) => !failed.has(message.MessageId ?? ''));
    if (done.length > 0)
      await client.send(
        new DeleteMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: done.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle })),
        }),
      );
    for (const message of messages.filter(({ MessageId }) => failed.has(MessageId ?? '')))
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: message.ReceiptHandle,
          VisibilityTimeout: retryAfterSeconds,
        }),
      );
  }

  async function failedOf(messages: Message[]): Promise<Set<string>> {
    try {
      const reported = failedItems(await invoke(functionName, toEvent(messages, options.queueArn)));
      return withFollowers(messages, new Set(reported));
    } catch {
      // The runtime has logged why: the whole batch goes back.
      return new Set(messages.map(({ MessageId }) => MessageId ?? ''));
    }
  }

  return {
    async stop() {
      stopping.abort();
      await polling;
      await Promise.all(underWay);
      client.destroy();
    },
  };
}

function withFollowers(messages: readonly Message[], failed: ReadonlySet<string>): Set<string> {
  const all = new Set(failed);
  const brokenGroups = new Set<string>();
  for (const { MessageId = '', Attributes } of messages) {
    const group = Attributes?.MessageGroupId;
    if (group === undefined) continue;
    if (all.has(MessageId)) brokenGroups.add(group);
    else if (brokenGroups.has(group)) all.add(MessageId);
  }
  return all;
}

function toEvent(messages: readonly Message[], queueArn: string): object {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: {},
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: localRegion,
    })),
  };
}
