import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { metricDefinitions, metricsNamespace, type MetricName } from '@top-active/aws/metric-definitions';
import type { Environment } from '../config.ts';

export interface ProductMetricOptions {
  statistic: 'Sum' | 'Maximum' | 'Minimum' | 'Average' | 'p50' | 'p95' | 'p99';
  /** Length of a period; a minute by default. */
  minutes?: number;
  /** In dashboards. */
  label?: string;
}

/** A metric that the product's own code emits, over all functions and session hosts of this environment. */
export function productMetric(
  { stage }: Pick<Environment, 'stage'>,
  name: MetricName,
  { statistic, minutes = 1, label }: ProductMetricOptions,
): Metric {
  return new Metric({
    namespace: metricsNamespace,
    metricName: name,
    dimensionsMap: { stage },
    statistic,
    period: Duration.minutes(minutes),
    label: label ?? metricDefinitions[name].description,
  });
}
