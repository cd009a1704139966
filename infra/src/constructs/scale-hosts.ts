import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import { metricsNamespace, type MetricName } from '@top-active/aws/metric-definitions';
import type { Environment } from '../config.ts';

const sessions: MetricName = 'SessionsUsedShare';
/** Of capacity, and of memory: what is left carries the starts until a new host is there. */
const targetPercent = 75;

/**
 * Lets the number of session hosts grow to `hosts.max` with the sessions and the memory that they use on average. It
 * never shrinks by itself: with fewer hosts the average rises again, and a loop of that would move sessions each time.
 * A person lowers the number.
 */
export function scaleHosts(service: FargateService, { stage, hosts: { min, max } }: Environment): void {
  const scaling = service.autoScaleTaskCount({ minCapacity: min, maxCapacity: max });
  const onlyOut = { disableScaleIn: true, scaleOutCooldown: Duration.minutes(5) };
  scaling.scaleToTrackCustomMetric('Sessions', {
    ...onlyOut,
    targetValue: targetPercent,
    metric: new Metric({
      namespace: metricsNamespace,
      metricName: sessions,
      dimensionsMap: { stage },
      statistic: 'Average',
      period: Duration.minutes(1),
    }),
  });
  scaling.scaleOnMemoryUtilization('Memory', { ...onlyOut, targetUtilizationPercent: targetPercent });
}
