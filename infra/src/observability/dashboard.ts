import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  MathExpression,
  TextWidget,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { metricsNamespace, type MetricDimension, type MetricName } from '@top-active/aws/metric-definitions';
import type { Environment } from '../config.ts';
import type { MadeFunction } from '../constructs/product-functions.ts';
import { runbookFile } from '../runbook.ts';
import type { QueuesStack } from '../stacks/queues-stack.ts';
import type { WebStack } from '../stacks/web-stack.ts';
import { apiMetric } from './api-alarms.ts';
import { productMetric, type ProductMetricOptions } from './product-metric.ts';

export interface DashboardProps {
  environment: Environment;
  service: FargateService;
  queues: QueuesStack;
  web: WebStack;
  functions: readonly MadeFunction[];
}

/** One page, from what users notice down to what it costs. */
export function makeDashboard(scope: Construct, props: DashboardProps): void {
  new Dashboard(scope, 'Dashboard', {
    dashboardName: `top-active-${props.environment.stage}`,
    defaultInterval: Duration.hours(12),
    widgets: [
      [heading('Users: the main job')],
      usersRow(props),
      [heading('WhatsApp’s page')],
      pageRow(props),
      [heading('Session hosts')],
      hostsRow(props),
      [heading('Queues and functions')],
      queuesRow(props),
      [heading('What costs')],
      costRow(props),
    ],
  });
}

function heading(text: string): IWidget {
  return new TextWidget({ markdown: `## ${text}\nWhat to do: ${runbookFile}`, width: 24, height: 2 });
}

function graph(title: string, left: IMetric[], right: IMetric[] = []): IWidget {
  return new GraphWidget({ title, left, right, width: 6, height: 6, leftYAxis: { min: 0 }, rightYAxis: { min: 0 } });
}

function plot({ environment }: DashboardProps, statistic: ProductMetricOptions['statistic'], ...names: MetricName[]) {
  return names.map((name) => productMetric(environment, name, { statistic, minutes: 5, label: name }));
}

function usersRow(props: DashboardProps): IWidget[] {
  const { httpApi } = props.web;
  return [
    graph('Messages and their delay', plot(props, 'Sum', 'MessagesStored', 'MessagesCaughtUp'), [
      ...plot(props, 'p95', 'MessageDelay'),
    ]),
    graph(
      'Suggestions and bookings',
      plot(
        props,
        'Sum',
        'Suggestions',
        'Bookings',
        'BookingFailures',
        'ModelRefusals',
        'ProposalsMissing',
        'ModelGone',
      ),
      [...plot(props, 'p95', 'SuggestionTime')],
    ),
    graph('Commands and their duration', plot(props, 'Sum', 'CommandsSent', 'CommandsFailed', 'CommandsUnknown'), [
      ...plot(props, 'p95', 'CommandTime'),
    ]),
    graph(
      'API',
      [...plot(props, 'Sum', 'ClientErrors', 'ServerErrors'), apiMetric(httpApi.apiId, 'Count')],
      [apiMetric(httpApi.apiId, 'Latency', 'p95')],
    ),
  ];
}

/** What comes through, and what each build of the page allows: builds are known only once a session has met them. */
function pageRow(props: DashboardProps): IWidget[] {
  return [
    graph(
      'Messages that came late or not at all',
      plot(props, 'Sum', 'PageDeaf', 'PageSilent', 'MessagesUnreadable', 'MessagesUnstored', 'MessagesNotRead'),
      plot(props, 'Sum', 'CatchUpFailures', 'WhatsAppUnreachable'),
    ),
    graph(
      'Sessions in trouble, by build',
      [eachOf(props, 'ReceptionTrouble', 'build')],
      plot(props, 'Sum', 'Restrictions', 'SendsRefused'),
    ),
    graph(
      'Missing and repaired, by build',
      [eachOf(props, 'CapabilitiesMissing', 'build'), eachOf(props, 'CapabilitiesRepaired', 'build')],
      plot(props, 'Sum', 'NewPageBuilds', 'CapabilitiesLost'),
    ),
    graph('Messages that only the phone opens, by type', [eachOf(props, 'MessagesOnPhone', 'type')]),
  ];
}

/** One line for each value that the dimension has had lately. */
function eachOf({ environment: { stage } }: DashboardProps, name: MetricName, by: MetricDimension): MathExpression {
  return new MathExpression({
    expression: `SEARCH('{${metricsNamespace},stage,${by}} MetricName="${name}" stage="${stage}"', 'Sum', 300)`,
    usingMetrics: {},
    period: Duration.minutes(5),
    label: `${name} `,
  });
}

function hostsRow(props: DashboardProps): IWidget[] {
  const { service } = props;
  return [
    graph(
      'Sessions',
      plot(
        props,
        'Sum',
        'SessionDeaths',
        'SessionsRecycled',
        'SessionsPaused',
        'SessionsRefused',
        'CatchUps',
        'SelfTestFailures',
      ),
      [...plot(props, 'Maximum', 'SessionsUsed', 'SessionCapacity')],
    ),
    graph('Memory', plot(props, 'Maximum', 'BrowserMemory', 'SessionMemoryMax', 'HostMemory'), [
      service.metricMemoryUtilization({ statistic: 'Maximum' }),
      service.metricCpuUtilization({ statistic: 'Maximum' }),
    ]),
    graph('Checkpoints', plot(props, 'Maximum', 'CheckpointAgeMax', 'CheckpointAgeP95'), [
      ...plot(props, 'Sum', 'CheckpointFailures', 'CheckpointsDamaged'),
    ]),
    graph('Shards and starts', plot(props, 'Maximum', 'UnownedShards', 'OwnedShards', 'HeartbeatAge'), [
      ...plot(props, 'Sum', 'TwoOwners'),
      ...plot(props, 'p95', 'SessionStartTime'),
    ]),
  ];
}

function queuesRow(props: DashboardProps): IWidget[] {
  const { assistant, wake } = props.queues;
  const letters = [assistant, ...wake].map(({ deadLetters }) =>
    deadLetters.queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', label: deadLetters.node.path }),
  );
  return [
    graph('Oldest command', plot(props, 'Maximum', 'OldestCommand', 'OldestOpenCommand'), [
      ...plot(props, 'Sum', 'CommandsWokenAgain'),
    ]),
    graph(
      'Assistant',
      [assistant.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' })],
      [assistant.queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' })],
    ),
    graph('Dead letters', letters),
    graph(
      'Errors of functions',
      props.functions.map(({ definition, made }) =>
        made.lambda.metricErrors({ statistic: 'Sum', label: definition.name }),
      ),
      plot(props, 'Sum', 'AwsThrottles', 'KeyFailures', 'IdentityFailures', 'MailBudgetSpent', 'VanishedUsers'),
    ),
  ];
}

function costRow(props: DashboardProps): IWidget[] {
  return [
    graph('Model tokens, billed to the owners', plot(props, 'Sum', 'ModelInputTokens', 'ModelOutputTokens'), [
      ...plot(props, 'Sum', 'ModelCalls'),
    ]),
    graph(
      'Seconds of functions',
      props.functions.map(({ definition, made }) =>
        made.lambda.metricDuration({ statistic: 'Sum', label: definition.name }),
      ),
    ),
    graph('Requests', [
      apiMetric(props.web.httpApi.apiId, 'Count'),
      apiMetric(props.web.webSocketApi.apiId, 'MessageCount'),
    ]),
    graph('Memory of sessions', plot(props, 'Average', 'BrowserMemory'), plot(props, 'Average', 'SessionsUsed')),
  ];
}
