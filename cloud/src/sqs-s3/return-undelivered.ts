import type { buildApp } from 'fauxqs';
import { z } from 'zod';
import type { FauxqsStores } from './fauxqs-internals.ts';

const requestSchema = z.object({ QueueUrl: z.string() });
const answerSchema = z.object({ Messages: z.array(z.object({ ReceiptHandle: z.string() })) });

/**
 * A consumer that dies while it waits for messages leaves its request behind; fauxqs would hand the next message to it,
 * and hide it (in a FIFO queue its whole group) for the visibility timeout. Such messages become visible at once.
 */
export function returnUndelivered(app: ReturnType<typeof buildApp>, sqs: FauxqsStores['sqsStore']): void {
  app.addHook('onSend', (request, _, payload, done) => {
    const receives = request.headers['x-amz-target'] === 'AmazonSQS.ReceiveMessage';
    if (receives && request.raw.socket.destroyed && typeof payload === 'string') {
      const queue = sqs.getQueue(requestSchema.parse(request.body).QueueUrl);
      const answer = answerSchema.safeParse(JSON.parse(payload));
      // Latest first: each goes to the front of its group.
      for (const { ReceiptHandle } of answer.data?.Messages.toReversed() ?? [])
        queue?.changeVisibility(ReceiptHandle, 0);
    }
    done();
  });
}
