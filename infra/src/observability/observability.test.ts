import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { metricDefinitions, metricsNamespace } from '@top-active/aws/metric-definitions';
import { functions } from '@top-active/lambdas/functions';
import { describe, expect, it } from 'vitest';
import { runbookFile } from '../runbook.ts';
import { deployedSources } from '../test-support/deployed-sources.ts';
import { synthesize } from '../test-support/synthesize.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

interface AlarmProperties {
  AlarmDescription: string;
  AlarmActions?: unknown[];
  OKActions?: unknown[];
  Namespace?: string;
  MetricName?: string;
  Metrics?: { Id: string; Expression?: string; MetricStat?: { Metric: { Namespace: string; MetricName: string } } }[];
}

/** What somebody reads who was just woken. */
const wording = /^[^.]+\. Impact: (?<impact>.+[.]) Runbook: (?<file>[^#]+)#(?<anchor>[a-z-]+)$/;

function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'));
}

/** Names of metrics that the code hands to `emit`, also by way of a table of names or a reducer's effect. */
const emitted = new Set(
  deployedSources()
    .filter((source) => /\bmetrics\.emit|\bmetric: '/.test(source))
    .flatMap((source) => [...source.matchAll(/'([A-Z]\w+)'/g)].map(([, name = '']) => name)),
);

const runbook = readFileSync(join(repository, runbookFile), 'utf8');

describe.each(['dev', 'prod'] as const)('alarms of %s', (stage) => {
  const { all } = synthesize(stage);
  const alarms = all('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties as unknown as AlarmProperties);
  const ours = alarms.flatMap(({ Namespace, MetricName, Metrics = [] }) => [
    ...(Namespace === metricsNamespace ? [MetricName ?? ''] : []),
    ...Metrics.flatMap(({ MetricStat }) =>
      MetricStat?.Metric.Namespace === metricsNamespace ? [MetricStat.Metric.MetricName] : [],
    ),
  ]);

  it('say in plain English what people notice, and where it stands what to do', () => {
    const sections = anchorsOf(runbook);
    expect(alarms.length).toBeGreaterThan(40);
    for (const { AlarmDescription } of alarms) {
      const { impact, file, anchor } = wording.exec(AlarmDescription)?.groups ?? {};
      expect(impact?.length, AlarmDescription).toBeGreaterThan(30);
      expect(file).toBe(runbookFile);
      expect(sections, AlarmDescription).toContain(anchor);
      // CloudWatch's limit.
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  it('tell the operator when they go off and when it is over', () => {
    for (const { AlarmActions, OKActions, AlarmDescription } of alarms) {
      expect(AlarmActions, AlarmDescription).toHaveLength(1);
      expect(OKActions, AlarmDescription).toHaveLength(1);
    }
    const [topic] = all('AWS::SNS::Topic');
    expect(topic?.Properties).toHaveProperty('KmsMasterKeyId');
    expect(all('AWS::SNS::Subscription')).toMatchObject([{ Properties: { Protocol: 'email' } }]);
  });

  it('watch no metric of ours that nobody emits', () => {
    expect(ours.length).toBeGreaterThan(12);
    for (const name of ours) expect(emitted).toContain(name);
  });

  it('tell what a build of the page lacks once, however many sessions meet it', () => {
    expect(ours).toContain('CapabilitiesLost');
    expect(ours.filter((name) => /^Capabilities(?!Lost)/.test(name))).toEqual([]);
  });

  it('watch each function for errors and throttling, each table, and both APIs', () => {
    const watched = (namespace: string, name: string) =>
      alarms.filter(({ Namespace, MetricName }) => Namespace === namespace && MetricName === name).length;
    expect(watched('AWS/Lambda', 'Errors')).toBe(functions.length);
    expect(watched('AWS/Lambda', 'Throttles')).toBe(functions.length);
    const text = JSON.stringify(alarms);
    expect(text.match(/ReadThrottleEvents/g)).toHaveLength(all('AWS::DynamoDB::Table').length);
    for (const name of ['5xx', '4xx', 'IntegrationError', 'MemoryUtilization', 'IteratorAge'])
      expect(text).toContain(`"${name}"`);
  });

  it('count what is told only when it happens as nothing otherwise: a sum with one side missing would be missing', () => {
    const events = /Throttle|Error|4xx|Deaths|CatchUps/;
    const terms = alarms.flatMap(({ Metrics = [] }) => {
      const { Expression } = Metrics.find((metric) => metric.Expression) ?? {};
      if (Expression === undefined) return [];
      return Metrics.filter(({ MetricStat }) => MetricStat && events.test(MetricStat.Metric.MetricName)).map(
        ({ Id }) => ({ Expression, filled: `FILL(${Id}, 0)` }),
      );
    });
    expect(terms.length).toBeGreaterThan(10);
    for (const { Expression, filled } of terms) expect(Expression).toContain(filled);
  });

  it('come with a budget that warns before it is spent', () => {
    const [budget] = all('AWS::Budgets::Budget');
    const told = budget?.Properties?.NotificationsWithSubscribers as
      | { Notification: { Threshold: number } }[]
      | undefined;
    const thresholds = (told ?? []).map(({ Notification }) => Notification.Threshold);
    expect(thresholds.length).toBeGreaterThan(0);
    expect(Math.min(...thresholds)).toBeLessThan(100);
  });
});

it('every metric that is defined is emitted', () => {
  expect(Object.keys(metricDefinitions).filter((name) => !emitted.has(name))).toEqual([]);
});

it('every section of the runbook is where some alarm leads to, or says that it is not', () => {
  const { all } = synthesize('prod', {
    email: { from: 'a@example.com', senderName: 'A', verifiedDomain: 'example.com' },
  });
  const led = new Set(
    all('AWS::CloudWatch::Alarm').map(
      ({ Properties }) => wording.exec((Properties as unknown as AlarmProperties).AlarmDescription)?.groups?.['anchor'],
    ),
  );
  expect(anchorsOf(runbook).filter((anchor) => !led.has(anchor))).toEqual([
    'how-to-look',
    'lost-authenticator-app',
    'budget',
  ]);
});

it('backups hold data and tombstones, never the wrapped keys, and prod’s cannot be deleted early', () => {
  const { resources, templates } = synthesize('prod');
  expect(synthesize('dev').templates.has('backup')).toBe(false);
  const [vault] = resources('backup', 'AWS::Backup::BackupVault');
  expect(vault?.Properties).toMatchObject({
    LockConfiguration: { MinRetentionDays: 35, MaxRetentionDays: 365 },
    EncryptionKeyArn: expect.anything(),
  });
  const [selection] = resources('backup', 'AWS::Backup::BackupSelection');
  const chosen = JSON.stringify(selection?.Properties);
  for (const part of ['Items', 'Placements', 'Erasures', 'Checkpoints']) expect(chosen).toContain(part);
  const keysTable = Object.keys(templates.get('data')?.Resources ?? {}).find((id) => /^Keys[0-9A-F]{8}$/.test(id));
  expect(keysTable).toBeDefined();
  expect(chosen).not.toContain(keysTable);
});
