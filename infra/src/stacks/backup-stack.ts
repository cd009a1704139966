import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { TableName } from '@top-active/aws/table-definitions';
import { acknowledge } from '../acknowledge.ts';
import type { Environment } from '../config.ts';
import { longestBackupDays } from '../environment-schema.ts';
import { ImpactAlarm } from '../constructs/impact-alarm.ts';
import type { CheckpointsStack } from './checkpoints-stack.ts';
import type { DataStack } from './data-stack.ts';

export interface BackupStackProps extends StackProps {
  environment: Environment;
  backup: NonNullable<Environment['backup']>;
  data: DataStack;
  checkpoints: CheckpointsStack;
}

/**
 * What is copied every day. Not `keys`: deleting a user's wrapped keys is the erasure, and a copy of them would undo it
 * for as long as it is kept. Not `limits`: attempts of the last minutes.
 */
const tables = ['items', 'placements', 'erasures'] as const satisfies TableName[];

/** Copies that outlive tables, stacks, and whoever deletes both. */
export class BackupStack extends Stack {
  readonly vault: BackupVault;

  constructor(scope: Construct, id: string, { environment, backup, data, checkpoints, ...props }: BackupStackProps) {
    super(scope, id, props);
    const removalPolicy = environment.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const retention = Duration.days(backup.retentionDays);
    this.vault = new BackupVault(this, 'Vault', {
      encryptionKey: new Key(this, 'Key', { description: 'Backups at rest', enableKeyRotation: true, removalPolicy }),
      // Governance: nobody shortens what is kept but those who may change the lock itself.
      ...(backup.locked && {
        lockConfiguration: { minRetention: retention, maxRetention: Duration.days(longestBackupDays) },
      }),
      blockRecoveryPointDeletion: false,
      removalPolicy,
    });
    const plan = new BackupPlan(this, 'Plan', { backupVault: this.vault });
    plan.addRule(
      new BackupPlanRule({
        ruleName: 'daily',
        // At night in Brazil.
        scheduleExpression: Schedule.cron({ hour: '6', minute: '0' }),
        startWindow: Duration.hours(1),
        completionWindow: Duration.hours(8),
        deleteAfter: retention,
      }),
    );
    const selection = plan.addSelection('Data', {
      resources: [
        ...tables.map((name) => BackupResource.fromDynamoDbTable(data.table(name))),
        BackupResource.fromEfsFileSystem(checkpoints.fileSystem),
      ],
    });
    acknowledge(selection, {
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]':
        'Only AWS Backup takes the role, and this is the policy that AWS keeps for it: its actions grow with the service.',
    });
    this.alarmOnFailures();
  }

  private alarmOnFailures(): void {
    const jobs = (end: 'Failed' | 'Expired' | 'Aborted' | 'Completed', period: Duration) =>
      new Metric({
        namespace: 'AWS/Backup',
        metricName: `NumberOfBackupJobs${end}`,
        dimensionsMap: { BackupVaultName: this.vault.backupVaultName },
        statistic: 'Sum',
        period,
      });
    const [hour, day] = [Duration.hours(1), Duration.days(1)];
    new ImpactAlarm(this, 'BackupFailed', {
      title: 'A backup failed',
      impact: 'none now. After a loss, more than a day of messages could be missing.',
      runbook: 'backup-failed',
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(expired, 0) + FILL(aborted, 0)',
        usingMetrics: { failed: jobs('Failed', hour), expired: jobs('Expired', hour), aborted: jobs('Aborted', hour) },
        period: hour,
        label: 'Backups that failed, expired or were aborted',
      }),
      threshold: 0,
    });
    new ImpactAlarm(this, 'NoBackup', {
      title: 'No backup was made for a day',
      impact: 'none now. After a loss, more than a day of messages could be missing.',
      runbook: 'backup-failed',
      metric: new MathExpression({
        expression: 'FILL(completed, 0)',
        usingMetrics: { completed: jobs('Completed', day) },
        period: day,
        label: 'Backups',
      }),
      threshold: 1,
      isFloor: true,
      whenSilent: 'alarm',
    });
  }
}
