import { Metrics as Powertools } from '@aws-lambda-powertools/metrics';
import {
  metricDefinitions,
  metricDimensions,
  metricsNamespace,
  type DimensionOf,
  type MetricDimension,
  type MetricName,
} from './metric-definitions.ts';

/** Without a dimension there is nothing to say. */
type ValueOf<D extends MetricDimension> = [D] extends [never] ? never : Readonly<Record<D, string>>;

export interface Metrics {
  /**
   * One data point. Several of one name until the next `flush` are kept apart, so that percentiles hold. With `by`, as
   * in `{ route }` or `{ build }`, it also counts under that value, besides the sum over all; it is then written at
   * once.
   */
  emit<N extends MetricName>(name: N, value?: number, by?: ValueOf<DimensionOf<N>>): void;
  /** Writes what was emitted as one line in CloudWatch's embedded metric format. */
  flush(): void;
}

let stored: Powertools | undefined;

/** Metrics of this process, as log lines: nothing is called, nothing waits. The stage comes from STAGE. */
export const metrics: Metrics = {
  emit(name, value = 1, by) {
    const { unit } = metricDefinitions[name];
    if (by) {
      const single = open();
      single.addDimensions({});
      single.addDimensions(cleaned(by));
      single.addMetric(name, unit, value);
      single.publishStoredMetrics();
      return;
    }
    stored ??= open();
    stored.addMetric(name, unit, value);
  },
  flush() {
    if (stored?.hasStoredMetrics()) stored.publishStoredMetrics();
  },
};

/**
 * WhatsApp's page names builds and types: only what looks like one becomes a value that is kept; the rest is `other`.
 */
export function cleanedValue(dimension: MetricDimension, value: string): string {
  return metricDimensions[dimension].values.test(value) ? value : 'other';
}

function cleaned(by: Readonly<Partial<Record<MetricDimension, string>>>): Record<string, string> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
  const dimensions = Object.keys(metricDimensions) as MetricDimension[];
  return Object.fromEntries(
    dimensions.flatMap((dimension) => {
      const value = by[dimension];
      if (value === undefined) return [];
      return [[dimension, cleanedValue(dimension, value)]];
    }),
  );
}

function open(): Powertools {
  const opened = new Powertools({ namespace: metricsNamespace });
  // Powertools makes `service` a dimension: a sum over functions, and one alarm for all of them, would be impossible.
  opened.clearDefaultDimensions();
  opened.setDefaultDimensions({ stage: process.env['STAGE'] ?? 'unknown' });
  return opened;
}
