import { Metrics as Powertools } from '@aws-lambda-powertools/metrics';
import { metricDefinitions, metricsNamespace, type MetricName, type RouteMetricName } from './metric-definitions.ts';

export interface Metrics {
  /** One data point; several of one name until the next `flush` are kept apart, so that percentiles hold. */
  emit(name: MetricName, value?: number): void;
  /** The same under one route, besides the sum over all routes. Written at once. */
  emitForRoute(name: RouteMetricName, route: string): void;
  /** Writes what was emitted as one line in CloudWatch's embedded metric format. */
  flush(): void;
}

let stored: Powertools | undefined;

/** Metrics of this process, as log lines: nothing is called, nothing waits. The stage comes from STAGE. */
export const metrics: Metrics = {
  emit(name, value = 1) {
    stored ??= open();
    stored.addMetric(name, metricDefinitions[name].unit, value);
  },
  emitForRoute(name, route) {
    const single = open();
    single.addDimensions({});
    single.addDimensions({ route });
    single.addMetric(name, metricDefinitions[name].unit, 1);
    single.publishStoredMetrics();
  },
  flush() {
    if (stored?.hasStoredMetrics()) stored.publishStoredMetrics();
  },
};

function open(): Powertools {
  const opened = new Powertools({ namespace: metricsNamespace });
  // Powertools makes `service` a dimension: a sum over functions, and one alarm for all of them, would be impossible.
  opened.clearDefaultDimensions();
  opened.setDefaultDimensions({ stage: process.env['STAGE'] ?? 'unknown' });
  return opened;
}
