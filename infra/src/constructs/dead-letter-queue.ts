import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { ImpactAlarm } from './impact-alarm.ts';

export interface DeadLetterQueueProps {
  fifo: boolean;
  encryptionKey: IKey;
  /** What could not be done with a message, in a few words. */
  title: string;
  /** What people notice of it, in plain English. */
  impact: string;
}

/** Where messages end that could not be processed; never without an alarm. */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { fifo, encryptionKey, title, impact }: DeadLetterQueueProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      ...(fifo && { fifo }),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.queue, { 'AwsSolutions-SQS3': 'It is a dead-letter queue, and has an alarm.' });
    new ImpactAlarm(this, 'Alarm', {
      title,
      impact,
      runbook: 'dead-letters',
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      threshold: 0,
    });
  }
}
