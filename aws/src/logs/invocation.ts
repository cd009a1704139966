import { withLogFields, type LogFields } from './log.ts';
import { metrics } from '../metrics/metrics.ts';
import { lambdaTraceHeader, traceIdOf, withTrace } from './trace.ts';

/**
 * What every handler runs in: its log lines carry `fields` and the id of Lambda's trace, and its metrics are written at
 * the end. To be called before the first await.
 */
export function withInvocation<T>(fields: LogFields, run: () => Promise<T>): Promise<T> {
  return withTrace(traceIdOf(lambdaTraceHeader()), () =>
    withLogFields(fields, async () => {
      try {
        return await run();
      } finally {
        metrics.flush();
      }
    }),
  );
}
