import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import {
  hostWakeSchema,
  type AssistantJob,
  type CommandId,
  type HostWake,
  type UserId,
} from '@top-active/core/contracts';
import { shardOf } from '@top-active/core/domain';
import type { AwsClients } from './clients.ts';
import { logger } from '../logs/log.ts';
import { currentTraceHeader } from '../logs/trace.ts';

export interface WakeQueue {
  /**
   * Wakes the host of the user's shard. `again`: it was woken before; without it SQS would drop a second wake for 5
   * minutes.
   */
  wake(userId: UserId, commandId: CommandId, options?: { again?: boolean | undefined }): Promise<void>;
}

export interface ReceivedWake {
  wake: HostWake;
  receiptHandle: string;
}

/** A host's end of a shard's queue. */
export interface WakeReceiver {
  /**
   * Long poll of at most 20 seconds; empty when nothing came or `signal` aborted. Unreadable messages are dropped and
   * logged.
   */
  receive(options?: { waitSeconds?: number | undefined; signal?: AbortSignal | undefined }): Promise<ReceivedWake[]>;
  done(receiptHandle: string): Promise<void>;
}

export interface AssistantQueue {
  /** `deduplicationId`: the same job sent twice within 5 minutes arrives once. */
  send(job: AssistantJob, options: { deduplicationId: string }): Promise<void>;
}

/** @param options.urlTemplate address of a shard's queue, with `{shard}` in it */
export function createWakeQueue(
  clients: AwsClients,
  { urlTemplate, shards }: { urlTemplate: string; shards: number },
): WakeQueue {
  return {
    async wake(userId, commandId, { again = false } = {}) {
      const body: HostWake = { type: 'wake', userId, commandId };
      await clients.sqs.send(
        new SendMessageCommand({
          QueueUrl: shardUrl(urlTemplate, shardOf(userId, shards)),
          MessageBody: JSON.stringify(body),
          MessageGroupId: userId,
          MessageDeduplicationId: again ? `${commandId}-${Date.now()}` : commandId,
          ...traceAttributes(),
        }),
      );
    },
  };
}

export function createWakeReceiver(
  clients: AwsClients,
  { urlTemplate, shard }: { urlTemplate: string; shard: number },
): WakeReceiver {
  const QueueUrl = shardUrl(urlTemplate, shard);

  async function done(receiptHandle: string): Promise<void> {
    await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandle }));
  }

  async function read(body: string | undefined, receiptHandle: string): Promise<ReceivedWake[]> {
    const parsed = hostWakeSchema.safeParse(parseJson(body));
    if (parsed.success) return [{ wake: parsed.data, receiptHandle }];
    logger.error('Wake is unreadable and was dropped', { shard });
    await done(receiptHandle);
    return [];
  }

  return {
    async receive({ waitSeconds = 20, signal } = {}) {
      try {
        const { Messages = [] } = await clients.sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds }),
          { ...(signal && { abortSignal: signal }) },
        );
        const wakes = await Promise.all(Messages.map(({ Body, ReceiptHandle = '' }) => read(Body, ReceiptHandle)));
        return wakes.flat();
      } catch (error) {
        if (signal?.aborted) return [];
        throw error;
      }
    },
    done,
  };
}

export function createAssistantQueue(clients: AwsClients, { url }: { url: string }): AssistantQueue {
  return {
    async send(job, { deduplicationId }) {
      await clients.sqs.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: JSON.stringify(job),
          MessageGroupId: `${job.userId}#${job.chatId}`,
          MessageDeduplicationId: deduplicationId,
          ...traceAttributes(),
        }),
      );
    },
  };
}

/** How SQS carries a trace: https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html */
function traceAttributes(): Pick<SendMessageCommandInput, 'MessageSystemAttributes'> {
  const header = currentTraceHeader();
  if (header === undefined) return {};
  return { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: header } } };
}

function shardUrl(template: string, shard: number): string {
  return template.replace('{shard}', String(shard));
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    // Its schema refuses it.
    return undefined;
  }
}
