import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ImpactAlarm } from '../constructs/impact-alarm.ts';
import type { WebStack } from '../stacks/web-stack.ts';

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html, and the same for WebSocket APIs.
 */
export function apiMetric(apiId: string, metricName: string, statistic = 'Sum', minutes = 5): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: apiId },
    statistic,
    period: Duration.minutes(minutes),
  });
}

/** Alarms on what the two APIs answer. */
export function makeApiAlarms(scope: Construct, { httpApi, webSocketApi }: WebStack): void {
  new ImpactAlarm(scope, 'HttpApiFailures', {
    title: 'The API answers with 5xx',
    impact: 'users see “something went wrong” and have to try again.',
    runbook: 'api-failures',
    metric: apiMetric(httpApi.apiId, '5xx'),
    threshold: 4,
  });
  new ImpactAlarm(scope, 'WebSocketFailures', {
    title: 'WebSocket requests fail on our side',
    impact: 'the app does not show new messages by itself; a reload shows them.',
    runbook: 'api-failures',
    metric: new MathExpression({
      // Each is told only when there are any, and a sum with one side missing is missing.
      expression: 'FILL(execution, 0) + FILL(integration, 0)',
      usingMetrics: {
        execution: apiMetric(webSocketApi.apiId, 'ExecutionError'),
        integration: apiMetric(webSocketApi.apiId, 'IntegrationError'),
      },
      period: Duration.minutes(5),
      label: 'WebSocket errors',
    }),
    threshold: 4,
  });
  new ImpactAlarm(scope, 'HttpApiRefusals', {
    title: 'More than half of the requests are refused with 4xx',
    impact: 'users are signed out or cannot work; or somebody is guessing passwords.',
    runbook: 'api-refusals',
    metric: new MathExpression({
      expression: 'IF(requests > 200, 100 * FILL(refused, 0) / requests, 0)',
      usingMetrics: { refused: apiMetric(httpApi.apiId, '4xx'), requests: apiMetric(httpApi.apiId, 'Count') },
      period: Duration.minutes(5),
      label: 'Refused, percent',
    }),
    threshold: 50,
    periods: { bad: 2, of: 2 },
  });
}
