import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { setTimeout as pause } from 'node:timers/promises';
import { localRegion } from '../wire/index.ts';
import { readFailures } from './batch-item-failures.ts';
import { settleBeforeStop } from './settle-before-stop.ts';
import { toSqsEvent } from './sqs-records.ts';
import type { EventSource, InvokeFunction, OnError } from './types.ts';

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
  /**
   * Seconds until a message that failed is visible again. Absent: as with Lambda, when the queue's visibility timeout
   * is over.
   */
  retryAfterSeconds?: number | undefined;
}

const waitSeconds = 10;
const pauseAfterErrorMs = 1_000;

/**
 * Polls a queue and hands batches to a function, with partial batch responses. In a FIFO queue, what follows a failed
 * message of its group in the batch is given back too, so that order holds.
 */
export function startSqsEventSource(options: SqsEventSourceOptions): EventSource {
  const { endpoint, accessKeyId, queueUrl, functionName, invoke, onError, retryAfterSeconds } = options;
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
        if (underWay.size >= options.maximumConcurrency) await Promise.race(underWay);
        const messages = await receive();
        if (messages.length > 0) track(handle(messages));
      } catch (error) {
        if (stopping.signal.aborted) return;
        onError(error);
        // Stopping ends the pause, and the loop looks for that next.
        await pause(pauseAfterErrorMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  function track(work: Promise<void>): void {
    const tracked = work.catch(onError).finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  async function receive(): Promise<Message[]> {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: options.batchSize,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: stopping.signal },
    );
    return Messages;
  }

  async function handle(messages: readonly Message[]): Promise<void> {
    const failed = await failedOf(messages);
    const done = messages.filter((message) => !failed.has(message));
    if (done.length > 0)
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entriesOf(done) }));
    if (failed.size === 0 || retryAfterSeconds === undefined) return;
    const Entries = entriesOf([...failed]).map((entry) => ({ ...entry, VisibilityTimeout: retryAfterSeconds }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }

  async function failedOf(messages: readonly Message[]): Promise<Set<Message>> {
    try {
      const response = await invoke(functionName, toSqsEvent(messages, options.queueArn));
      const ids = readFailures(
        response,
        messages.map(({ MessageId = '' }) => MessageId),
      );
      return ids === 'all' ? new Set(messages) : withFollowers(messages, ids);
    } catch {
      // The Lambda runtime has logged why: the whole batch goes back.
      return new Set(messages);
    }
  }

  return {
    async stop() {
      stopping.abort();
      await settleBeforeStop([polling, ...underWay]);
      client.destroy();
    },
  };
}

function entriesOf(messages: readonly Message[]) {
  return messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
}

function withFollowers(messages: readonly Message[], failedIds: ReadonlySet<string>): Set<Message> {
  const failed = new Set<Message>();
  const brokenGroups = new Set<string>();
  for (const message of messages) {
    const group = message.Attributes?.MessageGroupId;
    if (!failedIds.has(message.MessageId ?? '') && !(group !== undefined && brokenGroups.has(group))) continue;
    failed.add(message);
    if (group !== undefined) brokenGroups.add(group);
  }
  return failed;
}
