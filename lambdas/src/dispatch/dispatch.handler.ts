import {
  awsEnvSchema,
  createAssistantQueue,
  createClients,
  itemOfImage,
  logger,
  readAwsEnv,
  withInvocation,
  withTrace,
} from '@top-active/aws';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { lazily } from '../cold-start.ts';
import { jobsOfChange } from './jobs-of-record.ts';

const coldQueue = lazily(() => {
  const env = readAwsEnv(process.env, awsEnvSchema.pick({ ASSISTANT_QUEUE_URL: true }));
  return createAssistantQueue(createClients(), { url: env.ASSISTANT_QUEUE_URL });
});

/** Lambda handler of the items table's stream: in order, from the first failed record on again. */
export function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  return withInvocation({ function: 'dispatch' }, async () => {
    for (const record of event.Records) {
      try {
        await dispatch(record);
      } catch (error) {
        logger.error('Change was not dispatched and will be delivered again', {}, error);
        return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] };
      }
    }
    return { batchItemFailures: [] };
  });
}

async function dispatch({ dynamodb }: DynamoDBRecord): Promise<void> {
  if (!dynamodb?.NewImage) return;
  const change = { before: dynamodb.OldImage && itemOfImage(dynamodb.OldImage), after: itemOfImage(dynamodb.NewImage) };
  const jobs = jobsOfChange(change);
  if (jobs.length === 0) return;
  const queue = await coldQueue();
  // A stream carries no trace: the item names what has changed it.
  await withTrace(dynamodb.NewImage['traceId']?.S, async () => {
    for (const { job, deduplicationId } of jobs) {
      await queue.send(job, { deduplicationId });
      logger.info('Job handed on', { job: job.type });
    }
  });
}
