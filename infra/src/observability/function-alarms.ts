import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { FunctionDefinition } from '@top-active/lambdas/functions';
import { pascal, type MadeFunction } from '../constructs/product-functions.ts';
import { ImpactAlarm } from '../constructs/impact-alarm.ts';
import type { WorkQueue } from '../constructs/work-queue.ts';

/** Alarms on each function, and on what waits in front of them. */
export function makeFunctionAlarms(
  scope: Construct,
  { functions, assistantQueue }: { functions: readonly MadeFunction[]; assistantQueue: WorkQueue },
): void {
  for (const { definition, made } of functions) {
    const name = pascal(definition.name);
    const impact = impactOf(definition);
    new ImpactAlarm(scope, `${name}Errors`, {
      title: `The function ${definition.name} fails`,
      impact,
      runbook: 'function-errors',
      metric: made.lambda.metricErrors({ statistic: 'Sum', period: Duration.minutes(5) }),
      threshold: 2,
    });
    new ImpactAlarm(scope, `${name}Throttles`, {
      title: `The function ${definition.name} is throttled: it is called more often than it may run at once`,
      impact,
      runbook: 'function-throttles',
      metric: made.lambda.metricThrottles({ statistic: 'Sum', period: Duration.minutes(5) }),
      threshold: 5,
    });
    if (definition.trigger.kind === 'stream')
      new ImpactAlarm(scope, `${name}Behind`, {
        title: `The function ${definition.name} is behind the changes of the table`,
        impact: 'suggestions appear late, and accepted appointments are booked late.',
        runbook: 'stream-behind',
        metric: new Metric({
          namespace: 'AWS/Lambda',
          metricName: 'IteratorAge',
          dimensionsMap: { FunctionName: made.lambda.functionName },
          statistic: 'Maximum',
          period: Duration.minutes(1),
        }),
        threshold: 60_000,
        periods: { bad: 5, of: 5 },
      });
  }
  new ImpactAlarm(scope, 'AssistantBehind', {
    title: 'Jobs of the assistant wait for more than five minutes',
    impact: 'suggestions appear late, and accepted appointments are booked late.',
    runbook: 'assistant-behind',
    metric: assistantQueue.queue.metricApproximateAgeOfOldestMessage({
      statistic: 'Maximum',
      period: Duration.minutes(1),
    }),
    threshold: 300,
    periods: { bad: 3, of: 3 },
  });
}

/** What users notice when a function doesn't do its work. */
function impactOf({ name, description, trigger }: FunctionDefinition): string {
  switch (trigger.kind) {
    case 'http':
      return `users get an error, or a late answer, from what this function does: ${description}.`;
    case 'websocket':
    case 'websocket-authorizer':
      return 'the app does not show new messages by itself; a reload shows them.';
    case 'stream':
      return 'customers’ messages get no suggestions, and accepted appointments are not booked.';
    case 'queue':
      return 'suggestions and bookings come late or not at all.';
    case 'user-pool':
      return 'nobody can log in, and whoever is logged in is thrown out within ten minutes.';
    case 'schedule':
      return `none yet: what ${name} does every ${trigger.everyMinutes === 1 ? 'minute' : 'hour'} is done later (${description}).`;
    default:
      return trigger satisfies never;
  }
}
