import type { Construct } from 'constructs';
import type { Environment } from '../config.ts';
import { ImpactAlarm } from '../constructs/impact-alarm.ts';
import { productMetric } from './product-metric.ts';

const day = 24 * 60;

/** Alarms on the model that writes the suggestions: OpenAI shuts models down, on days that it announces. */
export function makeModelAlarms(scope: Construct, environment: Environment): void {
  new ImpactAlarm(scope, 'ModelEnds', {
    title: 'OpenAI shuts the model in use down within 45 days',
    impact: 'nothing yet, owners have been told; from that day on nobody gets a suggestion.',
    runbook: 'model',
    // Told with each suggestion: a day's smallest figure doesn't come and go with the night.
    metric: productMetric(environment, 'ModelShutdownDays', { statistic: 'Minimum', minutes: day }),
    threshold: 45,
    isFloor: true,
  });
  new ImpactAlarm(scope, 'ModelGone', {
    title: 'OpenAI does not have the model in use',
    impact: 'nobody gets a suggestion any more; owners read why, and their messages come as before.',
    runbook: 'model',
    metric: productMetric(environment, 'ModelGone', { statistic: 'Sum', minutes: 5 }),
    threshold: 0,
  });
}
