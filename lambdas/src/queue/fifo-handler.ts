import { logger, traceIdOf, withInvocation, withLogFields, withTrace } from '@top-active/aws';
import { PermanentError } from '@top-active/core/errors';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { z } from 'zod';
import { lazily } from '../cold-start.ts';
import type { FunctionName } from '../functions.ts';

/** Does one job. `attempt` counts deliveries from 1. Throws PermanentError for what can never succeed. */
export type JobHandler<J> = (job: J, delivery: { attempt: number }) => Promise<void>;

export interface FifoHandlerOptions<S extends z.ZodType> {
  name: FunctionName;
  schema: S;
  /** Made at the cold start. */
  build: () => JobHandler<z.infer<S>> | Promise<JobHandler<z.infer<S>>>;
}

/**
 * Lambda handler of an SQS FIFO queue with ReportBatchItemFailures. Records are worked off one after the other. After a
 * failure the later records of the same group fail unseen, so that their order holds; other groups go on. What can
 * never succeed is logged and acknowledged.
 */
export function createFifoHandler<S extends z.ZodType>({ name, schema, build }: FifoHandlerOptions<S>) {
  const coldHandler = lazily(build);

  return (event: SQSEvent): Promise<SQSBatchResponse> => withInvocation({ function: name }, () => handleAll(event));

  async function handleAll(event: SQSEvent): Promise<SQSBatchResponse> {
    const failedGroups = new Set<string>();
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const record of event.Records) {
      const group = record.attributes.MessageGroupId ?? record.messageId;
      const done = !failedGroups.has(group) && (await handle(record));
      if (done) continue;
      failedGroups.add(group);
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
    return { batchItemFailures };
  }

  /** False: to be delivered again. */
  function handle(record: SQSRecord): Promise<boolean> {
    const attempt = Number(record.attributes.ApproximateReceiveCount);
    return withTrace(traceIdOf(record.attributes.AWSTraceHeader), () =>
      withLogFields({ queueMessageId: record.messageId, attempt }, async () => {
        try {
          const work = await coldHandler();
          await work(readJob(record.body), { attempt });
          return true;
        } catch (error) {
          if (error instanceof PermanentError) {
            logger.error('Job given up', {}, error);
            return true;
          }
          logger.warn('Job failed and will be delivered again', {}, error);
          return false;
        }
      }),
    );
  }

  function readJob(body: string): z.infer<S> {
    const job = schema.safeParse(jsonOf(body));
    if (!job.success) throw new PermanentError('The message is not a job', { cause: job.error });
    return job.data;
  }
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new PermanentError('The message is not JSON', { cause });
  }
}
