import { CfnElement, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionName } from '@top-active/lambdas/functions';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import type { ProductFunction } from '../constructs/product-function.ts';
import { makeFunctions, pascal, type MadeFunction } from '../constructs/product-functions.ts';
import { allowPolling, allowSending, allowStream } from '../permissions/statements.ts';
import type { Resources } from '../resources.ts';
import { restoredMappingId } from '../restored-mapping.ts';

export interface WorkersStackProps extends StackProps {
  resources: Resources;
  /** Folder with one bundle per function. */
  bundles: string;
}

/** The functions behind streams, queues, schedules and the user pool. */
export class WorkersStack extends Stack {
  readonly functions: ReadonlyMap<FunctionName, MadeFunction>;
  /** Of streams and schedules; those of the queues stand beside them. */
  readonly deadLetters: DeadLetterQueue[] = [];
  private readonly resources: Resources;

  constructor(scope: Construct, id: string, { resources, bundles, ...props }: WorkersStackProps) {
    super(scope, id, props);
    this.resources = resources;
    this.functions = makeFunctions(this, { kinds: ['stream', 'queue', 'schedule', 'user-pool'], bundles, resources });
    for (const made of this.functions.values()) this.connect(made);
  }

  private connect({ definition: { name, trigger }, made }: MadeFunction): void {
    const { data, environment, identity, queues } = this.resources;
    switch (trigger.kind) {
      case 'stream': {
        const deadLetters = this.deadLettersOf(
          name,
          'changes of chats could not be passed on, so they get no suggestions.',
        );
        const table = data.table(trigger.table);
        // CDK's own event sources would grant the customer's key for whatever it is used.
        allowStream(made.role, { table, storageKey: data.storageKey });
        const restored = trigger.table === 'items' ? environment.itemsStream : undefined;
        const mapping = new EventSourceMapping(made, 'Stream', {
          target: made.lambda,
          // Since a restore CloudFormation doesn't know the table's stream any more.
          eventSourceArn: restored ?? table.tableStreamArn,
          startingPosition: StartingPosition.TRIM_HORIZON,
          batchSize: trigger.batchSize,
          retryAttempts: trigger.maximumRetryAttempts,
          bisectBatchOnError: true,
          reportBatchItemFailures: true,
          parallelizationFactor: 10,
          onFailure: this.receiverFor(made, deadLetters),
          filters: trigger.filters.map((filter) => FilterCriteria.filter(filter)),
        });
        const { defaultChild } = mapping.node;
        if (restored && CfnElement.isCfnElement(defaultChild))
          defaultChild.overrideLogicalId(restoredMappingId(restored));
        return;
      }
      case 'queue':
        allowPolling(made.role, { queues: [queues[trigger.queue]], storageKey: data.storageKey });
        new EventSourceMapping(made, 'Queue', {
          target: made.lambda,
          eventSourceArn: queues[trigger.queue].queue.queueArn,
          batchSize: trigger.batchSize,
          maxConcurrency: trigger.maximumConcurrency,
          reportBatchItemFailures: true,
        });
        return;
      case 'schedule': {
        const deadLetters = this.deadLettersOf(name, 'a sweep failed or did not run. The next one does its work.');
        // The next run does the work of one that failed. Both hand over what they could not do: the schedule, where the
        // function could not be started, and Lambda, where it failed.
        made.lambda.configureAsyncInvoke({
          retryAttempts: 0,
          onFailure: this.receiverFor(made, deadLetters),
        });
        new Rule(this, `${pascal(name)}Schedule`, {
          schedule: Schedule.rate(Duration.minutes(trigger.everyMinutes)),
          targets: [new LambdaTarget(made.lambda, { retryAttempts: 0, deadLetterQueue: deadLetters.queue })],
        });
        return;
      }
      case 'user-pool':
        made.lambda.addPermission('UserPool', {
          principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
          sourceArn: identity.userPool.userPoolArn,
          sourceAccount: this.account,
        });
        return;
      default:
        throw new Error(`${name} has a trigger that this stack does not connect: ${trigger.kind}`);
    }
  }

  /** Lambda writes there in the function's name. CDK's own destination would grant more than that. */
  private receiverFor({ role }: ProductFunction, deadLetters: DeadLetterQueue) {
    allowSending(role, { queues: [deadLetters], storageKey: this.resources.data.storageKey });
    return { bind: () => ({ destination: deadLetters.queue.queueArn }) };
  }

  private deadLettersOf(name: FunctionName, impact: string): DeadLetterQueue {
    const deadLetters = new DeadLetterQueue(this, `${pascal(name)}DeadLetters`, {
      fifo: false,
      encryptionKey: this.resources.data.storageKey,
      title: `An event for ${name} could not be processed`,
      impact,
    });
    this.deadLetters.push(deadLetters);
    return deadLetters;
  }
}
