import {
  CreateBackupCommand,
  DeleteTableCommand,
  DescribeBackupCommand,
  DescribeTableCommand,
  ListBackupsCommand,
  ResourceNotFoundException,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';
import type { TableDefinition } from '@top-active/aws/table-definitions';
import type { TableBackups } from './table-backups.ts';

export interface PointInTimeOptions {
  client: DynamoDBClient;
  /** How each table is made, by its real name, and for how many days it can be restored. */
  tables: ReadonlyMap<string, { definition: TableDefinition; recoveryDays: number }>;
  /** Whether tables are to be protected from deletion. */
  protect: boolean;
  onStep: (text: string) => void;
  /** Between two looks at something that takes minutes; seconds. */
  everySeconds?: number | undefined;
}

/** A restore takes minutes to hours, by the size of the table. */
const patienceSeconds = 6 * 3600;

/**
 * DynamoDB's own backups. A table keeps its name: first the point is restored beside it and backed up, then the table is deleted and made out of
 * that backup. A table that was deleted comes back as it was then, out of the backup that DynamoDB makes at a deletion; no other point of it can
 * be had any more.
 */
export function pointInTimeBackups(options: PointInTimeOptions): TableBackups {
  const { client, tables, onStep, everySeconds = 20 } = options;
  const waiter = { client, maxWaitTime: patienceSeconds, minDelay: everySeconds, maxDelay: everySeconds };

  async function describe(TableName: string): Promise<TableDescription | undefined> {
    try {
      return (await client.send(new DescribeTableCommand({ TableName }))).Table;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  /** @returns ARN of a backup of the table as it was at `at` */
  async function backUpPoint(table: string, at: Date): Promise<string> {
    const beside = `${table}-at-${at
      .toISOString()
      .replaceAll(/[^0-9]/g, '')
      .slice(0, 14)}`;
    if (!(await describe(beside)))
      await client.send(
        new RestoreTableToPointInTimeCommand({
          SourceTableName: table,
          TargetTableName: beside,
          RestoreDateTime: at,
        }),
      );
    onStep(`${table}: being restored as ${beside}`);
    await waitUntilTableExists(waiter, { TableName: beside });
    const { BackupDetails } = await client.send(new CreateBackupCommand({ TableName: beside, BackupName: 'restore' }));
    const arn = BackupDetails?.BackupArn ?? '';
    await untilAvailable(arn);
    return arn;
  }

  async function untilAvailable(BackupArn: string): Promise<void> {
    const deadline = performance.now() + patienceSeconds * 1000;
    while (performance.now() < deadline) {
      const { BackupDescription } = await client.send(new DescribeBackupCommand({ BackupArn }));
      if (BackupDescription?.BackupDetails?.BackupStatus === 'AVAILABLE') return;
      await pause(everySeconds * 1000);
    }
    throw new Error(`The backup ${BackupArn} did not become available`);
  }

  async function remove(table: string): Promise<void> {
    await client.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: false }));
    await waitUntilTableExists(waiter, { TableName: table });
    await client.send(new DeleteTableCommand({ TableName: table }));
    await waitUntilTableNotExists(waiter, { TableName: table });
    onStep(`${table}: deleted; DynamoDB keeps a backup of it for 35 days`);
  }

  /** @throws Error when DynamoDB has none: the table was never there, or its deletion is longer ago than 35 days */
  async function backupOfDeletion(table: string): Promise<string> {
    const { BackupSummaries = [] } = await client.send(
      new ListBackupsCommand({ TableName: table, BackupType: 'SYSTEM' }),
    );
    const newest = BackupSummaries.toSorted(
      (a, b) => (b.BackupCreationDateTime?.getTime() ?? 0) - (a.BackupCreationDateTime?.getTime() ?? 0),
    )[0]?.BackupArn;
    if (!newest) throw new Error(`DynamoDB has no backup of the deleted table ${table}`);
    return newest;
  }

  /** What a restore leaves out: stream, end of items, recovery and protection. */
  async function settle(table: string): Promise<void> {
    const known = tables.get(table);
    if (!known) throw new Error(`There is no definition of the table ${table}`);
    const { stream, ttlAttribute } = known.definition;
    await client.send(
      new UpdateTableCommand({
        TableName: table,
        DeletionProtectionEnabled: options.protect,
        ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
      }),
    );
    await waitUntilTableExists(waiter, { TableName: table });
    if (ttlAttribute)
      await client.send(
        new UpdateTimeToLiveCommand({
          TableName: table,
          TimeToLiveSpecification: { Enabled: true, AttributeName: ttlAttribute },
        }),
      );
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: table,
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: true,
          RecoveryPeriodInDays: known.recoveryDays,
        },
      }),
    );
  }

  return {
    async restore(table, at) {
      const isThere = (await describe(table)) !== undefined;
      // What is there is the newest.
      if (isThere && !at) return;
      const backup = isThere && at ? await backUpPoint(table, at) : await backupOfDeletion(table);
      if (isThere) await remove(table);
      await client.send(new RestoreTableFromBackupCommand({ BackupArn: backup, TargetTableName: table }));
      onStep(`${table}: being made out of its backup`);
      await waitUntilTableExists(waiter, { TableName: table });
      await settle(table);
    },
  };
}
