import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { fail, ok, type Check, type Finding } from '../finding.ts';
import type { Inventory } from './inventory.ts';

export interface DeadLetterQueue {
  name: string;
  messages: number;
}

export function deadLettersCheck(sqs: SQSClient, inventory: Inventory): Check {
  return { title: 'Dead letters', look: async () => judgeDeadLetters(await readQueues(sqs, inventory)) };
}

export function judgeDeadLetters(queues: readonly DeadLetterQueue[]): Finding {
  if (queues.length === 0) return fail('there are no dead-letter queues', 'Deploy: npm run deploy');
  const filled = queues.filter(({ messages }) => messages > 0);
  if (filled.length === 0) return ok(`${queues.length} queues, all empty`);
  return fail(
    filled.map(({ name, messages }) => `${messages} in ${name}`).join(', '),
    'Find the cause in the log of the queue’s consumer. Then have SQS move them back (start-message-move-task).',
  );
}

async function readQueues(sqs: SQSClient, inventory: Inventory): Promise<DeadLetterQueue[]> {
  const queues = (await inventory.resources('AWS::SQS::Queue')).filter(({ logicalId }) =>
    /DeadLetter/i.test(logicalId),
  );
  return Promise.all(
    queues.map(async ({ logicalId, physicalId }) => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: physicalId, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return { name: logicalId, messages: Number(Attributes?.ApproximateNumberOfMessages ?? 0) };
    }),
  );
}
