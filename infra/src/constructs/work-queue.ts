import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue.ts';

export interface WorkQueueProps {
  /** Ends in `.fifo`. Left out, CloudFormation makes one up. */
  queueName?: string;
  /** Tries before a message goes to the dead-letter queue. */
  maxReceiveCount: number;
  /** Longer than the consumer's own time limit. */
  visibilityTimeout: Duration;
  encryptionKey: IKey;
  /** What people notice when messages end in the dead-letter queue, in plain English. */
  impact: string;
}

/** A FIFO queue that never comes without its dead-letter queue and an alarm on it. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      fifo: true,
      encryptionKey: props.encryptionKey,
      title: `A message in ${id} could not be processed`,
      impact: props.impact,
    });
    this.queue = new Queue(this, 'Queue', {
      fifo: true,
      ...(props.queueName && { queueName: props.queueName }),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.encryptionKey,
      enforceSSL: true,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      visibilityTimeout: props.visibilityTimeout,
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: props.maxReceiveCount },
    });
  }
}
