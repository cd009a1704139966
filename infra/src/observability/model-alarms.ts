import type { Construct } from 'constructs';
import type { Environment } from '../config.ts';
import { ImpactAlarm } from '../constructs/impact-alarm.ts';
import { productMetric } from './product-metric.ts';

const day = 24 * 60;

/** Alarms on the model that writes the suggestions: OpenAI shuts models down, on days that it announces. */
export function makeModelAlarms(scope: Construct, environment: Environment): void {
  new ImpactAlarm(scope, 'ModelEnds', {
    title: 'OpenAI will shut down the model in use within 45 days',
    impact: 'none yet; owners have been told. From that day on nobody gets a suggestion.',
    runbook: 'model',
    // Told with each suggestion: a day's smallest figure doesn't come and go with the night.
    metric: productMetric(environment, 'ModelShutdownDays', { statistic: 'Minimum', minutes: day }),
    threshold: 45,
    isFloor: true,
  });
  new ImpactAlarm(scope, 'ModelGone', {
    title: 'OpenAI no longer offers the model in use',
    impact: 'nobody gets a suggestion any more. Owners are told why, and their messages arrive as before.',
    runbook: 'model',
    metric: productMetric(environment, 'ModelGone', { statistic: 'Sum', minutes: 5 }),
    threshold: 0,
  });
}
