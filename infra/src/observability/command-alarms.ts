import type { Construct } from 'constructs';
import type { Environment } from '../config.ts';
import { ImpactAlarm } from '../constructs/impact-alarm.ts';
import { productMetric } from './product-metric.ts';

/** Alarms on what users asked for and is not done. */
export function makeCommandAlarms(scope: Construct, environment: Environment): void {
  new ImpactAlarm(scope, 'OldestCommand', {
    title: 'A command has been waiting for eleven minutes, or maintenance does not run',
    impact: 'a reply that an owner sent is not delivered yet, or a WhatsApp account does not get linked.',
    runbook: 'oldest-command',
    metric: productMetric(environment, 'OldestCommand', { statistic: 'Maximum' }),
    // A host gives up after ten minutes: until then it waits for a session that is coming up.
    threshold: 660,
    periods: { bad: 3, of: 3 },
    // Maintenance tells 0 when nothing waits.
    whenSilent: 'alarm',
  });
  new ImpactAlarm(scope, 'SendsUnknown', {
    title: 'It is unknown whether some replies were sent',
    impact: 'users are asked to check on their phone whether their reply was sent.',
    runbook: 'sends-unknown',
    metric: productMetric(environment, 'CommandsUnknown', { statistic: 'Sum', minutes: 15 }),
    threshold: 2,
  });
  new ImpactAlarm(scope, 'UsersNotLookedAt', {
    title: 'Maintenance cannot read the commands of some users',
    impact: 'a reply whose wake message was lost waits until the host next looks for commands, a minute at most.',
    runbook: 'oldest-command',
    metric: productMetric(environment, 'UsersNotLookedAt', { statistic: 'Maximum' }),
    threshold: 0,
    periods: { bad: 5, of: 5 },
  });
}
