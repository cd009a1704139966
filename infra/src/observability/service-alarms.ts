import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Environment } from '../config.ts';
import { ImpactAlarm } from '../constructs/impact-alarm.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import { productMetric } from './product-metric.ts';

/** Alarms on the AWS services that everything stands on: tables, keys, who people are. */
export function makeServiceAlarms(
  scope: Construct,
  { environment, data }: { environment: Environment; data: DataStack },
): void {
  for (const [name, table] of data.tables) {
    const events = (metricName: string) =>
      new Metric({
        namespace: 'AWS/DynamoDB',
        metricName,
        dimensionsMap: { TableName: table.tableName },
        statistic: 'Sum',
        period: Duration.minutes(5),
      });
    new ImpactAlarm(scope, `${name[0]?.toUpperCase()}${name.slice(1)}TableThrottles`, {
      title: `The table ${name} throttles`,
      impact: 'everything is slow for some users, and messages appear late. Nothing is lost.',
      runbook: 'table-throttles',
      metric: new MathExpression({
        // Both are told only when there are any, and a sum with one side missing is missing.
        expression: 'FILL(reads, 0) + FILL(writes, 0)',
        usingMetrics: { reads: events('ReadThrottleEvents'), writes: events('WriteThrottleEvents') },
        period: Duration.minutes(5),
        label: `Throttles of ${name}`,
      }),
      threshold: 10,
      periods: { bad: 2, of: 2 },
    });
  }
  new ImpactAlarm(scope, 'AwsThrottles', {
    title: 'AWS throttles our calls',
    impact: 'everything may be slow. A call that is still refused after its retries shows as an error.',
    runbook: 'aws-throttles',
    metric: productMetric(environment, 'AwsThrottles', { statistic: 'Sum', minutes: 5 }),
    threshold: 50,
    periods: { bad: 2, of: 2 },
  });
  new ImpactAlarm(scope, 'KeyFailures', {
    title: 'KMS refuses calls or fails',
    impact:
      'chats can neither be shown nor stored within minutes; OpenAI keys, Google connections and saved WhatsApp sessions cannot be opened.',
    runbook: 'key-failures',
    metric: productMetric(environment, 'KeyFailures', { statistic: 'Sum', minutes: 5 }),
    threshold: 2,
  });
  new ImpactAlarm(scope, 'IdentityFailures', {
    title: 'Cognito, or the sending of its e-mails, fails',
    impact: 'people cannot register or sign in. Whoever is signed in can go on for ten minutes.',
    runbook: 'identity-failures',
    metric: productMetric(environment, 'IdentityFailures', { statistic: 'Sum', minutes: 5 }),
    threshold: 2,
  });
  new ImpactAlarm(scope, 'VanishedUsers', {
    title: 'People are gone from the user pool whom nobody has erased',
    impact: 'they can log in no more, nor erase what is kept of them; their WhatsApp session runs on.',
    runbook: 'vanished-users',
    metric: productMetric(environment, 'VanishedUsers', { statistic: 'Maximum', minutes: 60 }),
    threshold: 0,
  });
  new ImpactAlarm(scope, 'MailBudgetSpent', {
    title: 'Cognito sends no more e-mails today',
    impact: 'nobody can register, and nobody can set a new password. Whoever has a password can log in.',
    runbook: 'mail-budget-spent',
    metric: productMetric(environment, 'MailBudgetSpent', { statistic: 'Sum', minutes: 5 }),
    threshold: 0,
  });
  if (environment.email)
    new ImpactAlarm(scope, 'MailBounces', {
      title: 'More than five percent of our e-mails bounce',
      impact: 'SES may soon stop sending for us. Then nobody can register.',
      runbook: 'mail-bounces',
      metric: new Metric({
        namespace: 'AWS/SES',
        metricName: 'Reputation.BounceRate',
        statistic: 'Average',
        period: Duration.hours(1),
      }),
      threshold: 0.05,
    });
}
