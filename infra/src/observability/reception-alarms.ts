import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricName } from '@top-active/aws/metric-definitions';
import type { Environment } from '../config.ts';
import { ImpactAlarm } from '../constructs/impact-alarm.ts';
import { productMetric } from './product-metric.ts';

/**
 * Alarms on what comes through of WhatsApp: its page changes without notice, and messages must not go missing unseen.
 */
export function makeReceptionAlarms(scope: Construct, environment: Environment): void {
  const sum = (name: MetricName, minutes: number) => productMetric(environment, name, { statistic: 'Sum', minutes });

  new ImpactAlarm(scope, 'ReceptionTrouble', {
    title: 'Two sessions or more miss messages or get them late',
    impact: 'owners see messages late or as unreadable. WhatsApp has probably changed its page for many of them.',
    runbook: 'messages-not-coming-through',
    // Each host tells its sessions once a minute.
    metric: sum('ReceptionTrouble', 1),
    threshold: 1,
    periods: { bad: 2, of: 10 },
  });
  new ImpactAlarm(scope, 'MessagesLost', {
    title: 'Incoming messages cannot be read, or are read and not stored',
    impact: 'customers’ messages are shown as unreadable, or are missing until the next scan of the chats.',
    runbook: 'messages-not-coming-through',
    metric: new MathExpression({
      // Each is told only when there are any, and a sum with one side missing is missing.
      expression: 'FILL(unreadable, 0) + FILL(unstored, 0)',
      usingMetrics: { unreadable: sum('MessagesUnreadable', 15), unstored: sum('MessagesUnstored', 15) },
      period: Duration.minutes(15),
      label: 'Messages unreadable or unstored',
    }),
    threshold: 2,
  });
  new ImpactAlarm(scope, 'PageDeaf', {
    title: 'WhatsApp’s page has messages that it did not announce',
    impact:
      'messages arrive up to a minute late: our own listener (the witness) delivers them. If it fails too, messages are missing.',
    runbook: 'messages-not-coming-through',
    metric: new MathExpression({
      expression: 'FILL(deaf, 0) + FILL(silent, 0)',
      usingMetrics: { deaf: sum('PageDeaf', 15), silent: sum('PageSilent', 15) },
      period: Duration.minutes(15),
      label: 'Messages that were not announced',
    }),
    threshold: 5,
  });
  new ImpactAlarm(scope, 'CapabilitiesLost', {
    title: 'Something no longer works on a build of WhatsApp’s page',
    impact:
      'owners on that build cannot use what is missing, such as sending or media, and are told why. Everything else works.',
    runbook: 'page-builds',
    // Told once for a build and what is missing on it, not by each session that meets it. An hour: first meetings come
    // in a row.
    metric: sum('CapabilitiesLost', 60),
    threshold: 0,
  });
  new ImpactAlarm(scope, 'CatchUpFailures', {
    title: 'Scans of chats after an interruption fail again and again',
    impact: 'messages that came during the interruption are missing in some chats. Their owners see a gap.',
    runbook: 'catch-up-failures',
    metric: sum('CatchUpFailures', 15),
    threshold: 2,
    periods: { bad: 2, of: 2 },
  });
  new ImpactAlarm(scope, 'Restrictions', {
    title: 'WhatsApp restricts the accounts of several owners at once',
    impact:
      'those owners cannot write to new people for a time. If our way of sending is the cause, more owners follow.',
    runbook: 'restrictions',
    metric: sum('Restrictions', 1),
    threshold: 2,
    periods: { bad: 5, of: 10 },
  });
  new ImpactAlarm(scope, 'WhatsAppUnreachable', {
    title: 'Session hosts cannot reach WhatsApp',
    impact: 'owners whose session starts now stay without WhatsApp. They are told that our server cannot reach it.',
    runbook: 'whatsapp-unreachable',
    metric: sum('WhatsAppUnreachable', 15),
    threshold: 2,
  });
  new ImpactAlarm(scope, 'MessagesNotRead', {
    title: 'Stored messages cannot be read',
    impact: 'owners see “we couldn’t read this message” in place of some messages. The rest of the chat is there.',
    runbook: 'messages-not-read',
    metric: sum('MessagesNotRead', 15),
    threshold: 0,
  });
}
