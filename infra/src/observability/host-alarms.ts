import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { MetricName } from '@top-active/aws/metric-definitions';
import type { Environment } from '../config.ts';
import { ImpactAlarm } from '../constructs/impact-alarm.ts';
import { productMetric } from './product-metric.ts';

/** Alarms on session hosts: whether they are there, whose sessions they hold, and how those fare. */
export function makeHostAlarms(
  scope: Construct,
  { environment, service }: { environment: Environment; service: FargateService },
): void {
  const sum = (name: MetricName, minutes: number) => productMetric(environment, name, { statistic: 'Sum', minutes });
  const max = (name: MetricName, minutes = 1) => productMetric(environment, name, { statistic: 'Maximum', minutes });
  const perSession = (name: MetricName, minutes: number) =>
    new MathExpression({
      // Each host tells its sessions once a minute: so this is the mean of all hosts' together.
      expression: `IF(told > 0, FILL(events, 0) / (told / ${minutes}), 0)`,
      usingMetrics: { events: sum(name, minutes), told: sum('SessionsUsed', minutes) },
      period: Duration.minutes(minutes),
      label: `${name} per session`,
    });

  new ImpactAlarm(scope, 'NoHostRunning', {
    title: 'No session host reports its metrics',
    impact:
      'no messages arrive and none are sent, for all users. WhatsApp keeps incoming messages until a host runs again.',
    runbook: 'no-host-running',
    metric: max('SessionCapacity'),
    threshold: 1,
    isFloor: true,
    periods: { bad: 3, of: 3 },
    whenSilent: 'alarm',
  });
  new ImpactAlarm(scope, 'UnownedShard', {
    title: 'A shard has no session host',
    impact: 'no messages arrive and none are sent, for some of the users.',
    runbook: 'unowned-shard',
    metric: max('UnownedShards'),
    threshold: 0,
    // While a silent host's shards are taken over they count, once.
    periods: { bad: 3, of: 3 },
  });
  new ImpactAlarm(scope, 'HeartbeatLate', {
    title: 'The heartbeat of a session host is acknowledged late',
    impact: 'the host may soon stop itself. Then all its users lose their connection for a minute.',
    runbook: 'heartbeat-late',
    metric: max('HeartbeatAge'),
    // A host that renews every 5 seconds is at 5 at most; at 10 it ends.
    threshold: 7,
    periods: { bad: 3, of: 5 },
  });
  new ImpactAlarm(scope, 'HostAccessFailures', {
    title: 'Session hosts get no answer when they ask for shards or credentials',
    impact: 'starting sessions do not come up. Within 15 minutes, running sessions can no longer store anything.',
    runbook: 'host-access',
    metric: sum('HostAccessFailures', 5),
    threshold: 2,
    periods: { bad: 2, of: 2 },
  });
  new ImpactAlarm(scope, 'HostAccessRefusals', {
    title: 'host-access refuses requests of session hosts again and again',
    impact: 'some users have no running session; or something asks for users whom it may not act for.',
    runbook: 'host-access',
    metric: sum('HostAccessRefusals', 5),
    threshold: 20,
    periods: { bad: 3, of: 3 },
  });
  new ImpactAlarm(scope, 'TwoOwners', {
    title: 'Two session hosts act for one user',
    impact: 'WhatsApp may disconnect one of the two. The older host is kept from writing, so nothing is sent twice.',
    runbook: 'two-owners',
    metric: sum('TwoOwners', 5),
    threshold: 0,
  });
  new ImpactAlarm(scope, 'CheckpointAge', {
    title: 'A running session has not been saved for ten minutes',
    impact: 'none yet. If its host dies now, that user may have to link WhatsApp again by QR code.',
    runbook: 'checkpoint-age',
    metric: max('CheckpointAgeMax'),
    threshold: 600,
    periods: { bad: 3, of: 3 },
  });
  new ImpactAlarm(scope, 'CheckpointFailures', {
    title: 'Checkpoints cannot be saved',
    impact: 'none yet. Users whose host dies now may have to link WhatsApp again by QR code.',
    runbook: 'checkpoint-age',
    metric: sum('CheckpointFailures', 5),
    threshold: 2,
    periods: { bad: 2, of: 2 },
  });
  new ImpactAlarm(scope, 'CheckpointsDamaged', {
    title: 'Stored checkpoints are damaged, or older than they should be',
    impact: 'older checkpoints are used instead. Users who have none left must link WhatsApp again by QR code.',
    runbook: 'checkpoint-age',
    metric: sum('CheckpointsDamaged', 5),
    threshold: 0,
  });
  new ImpactAlarm(scope, 'RescanRate', {
    title: 'Sessions rescan their chats again and again',
    impact:
      'messages appear late, and hosts and tables do needless work. The usual cause is lost connections to WhatsApp.',
    runbook: 'rescan-rate',
    metric: perSession('CatchUps', 15),
    threshold: 3,
    periods: { bad: 2, of: 2 },
  });
  new ImpactAlarm(scope, 'SessionsDying', {
    title: 'Sessions die more than once each, on average, within 15 minutes',
    impact: 'users see “reconnecting”, and their messages arrive late. WhatsApp Web may have changed.',
    runbook: 'sessions-dying',
    metric: perSession('SessionDeaths', 15),
    threshold: 1,
  });
  new ImpactAlarm(scope, 'SelfTestFailed', {
    title: 'The self-test message of a host did not come through on a new build of WhatsApp’s page',
    impact: 'users on that build may miss messages, or what they send may not arrive.',
    runbook: 'self-test-failed',
    metric: sum('SelfTestFailures', 5),
    threshold: 0,
  });
  new ImpactAlarm(scope, 'SessionsNearCapacity', {
    title: 'A session host is nearly full',
    impact: 'users who link WhatsApp will soon be refused.',
    runbook: 'sessions-near-capacity',
    metric: max('SessionsUsedShare', 5),
    // From 80 on a host keeps the rest for sessions that were linked.
    threshold: 75,
    periods: { bad: 3, of: 3 },
  });
  new ImpactAlarm(scope, 'SessionsRefused', {
    title: 'A session host was full and refused a session',
    impact: 'a user could not link WhatsApp, or was not linked again after a restart.',
    runbook: 'sessions-near-capacity',
    metric: sum('SessionsRefused', 5),
    threshold: 0,
  });
  new ImpactAlarm(scope, 'HostMemory', {
    title: 'A session host has little memory left',
    impact: 'browsers are about to be killed. Then all users of the host lose their connection for a minute.',
    runbook: 'host-memory',
    metric: service.metricMemoryUtilization({ statistic: 'Maximum', period: Duration.minutes(1) }),
    threshold: 88,
    periods: { bad: 5, of: 5 },
  });
}
