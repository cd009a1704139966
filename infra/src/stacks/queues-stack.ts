import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from '../config.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { DataStack } from './data-stack.ts';

export interface QueuesStackProps extends StackProps {
  environment: Environment;
  data: DataStack;
}

/** What passes between functions and session hosts. Apart from both: their messages outlive a deployment. */
export class QueuesStack extends Stack {
  readonly assistant: WorkQueue;
  /** One per shard, in their order. */
  readonly wake: WorkQueue[];

  constructor(scope: Construct, id: string, { environment, data, ...props }: QueuesStackProps) {
    super(scope, id, props);
    this.assistant = new WorkQueue(this, 'AssistantQueue', {
      maxReceiveCount: 3,
      visibilityTimeout: Duration.minutes(6),
      encryptionKey: data.storageKey,
      impact: 'a customer’s message got no suggestion, or an accepted appointment was not booked.',
    });
    this.wake = Array.from(
      { length: environment.shards },
      (_, shard) =>
        new WorkQueue(this, `Wake${shard}`, {
          queueName: wakeQueueName(environment, shard),
          maxReceiveCount: 20,
          visibilityTimeout: Duration.minutes(2),
          encryptionKey: data.storageKey,
          impact: 'a session host was not woken for a command. The sweep that runs every minute wakes it again.',
        }),
    );
  }
}

export function wakeQueueName({ stage }: Environment, shard: number | string): string {
  return `top-active-${stage}-wake-${shard}.fifo`;
}
