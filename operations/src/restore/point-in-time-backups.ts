import {
  CreateBackupCommand,
  DeleteTableCommand,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  UpdateTableCommand,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { backupName, backupsOfDeletion, backupsOfPoint, pointsWithBackup, pointTable } from './find-backups.ts';
import { settleTable, type TableSettings } from './settle-table.ts';
import type { Restored, TableBackups } from './table-backups.ts';
import { createWaits } from './waits.ts';

export interface PointInTimeOptions {
  client: DynamoDBClient;
  /** How each table is made, by its real name. */
  tables: ReadonlyMap<string, TableSettings>;
  onStep: (text: string) => void;
  /** Between two looks at something that takes minutes; seconds. */
  everySeconds?: number | undefined;
}

/**
 * DynamoDB's own backups. A table keeps its name: first the point is restored beside it and backed up, then the table
 * is deleted and made out of that backup. A table that was deleted comes back as it was then, out of the backup that
 * DynamoDB makes at a deletion; no other point of it can be had any more.
 *
 * Nothing is remembered here. How far a restore that was broken off has come is read from DynamoDB: the backup of the
 * point, and the backup that a table was made out of.
 */
export function pointInTimeBackups(options: PointInTimeOptions): TableBackups {
  const { client, tables, onStep, everySeconds = 20 } = options;
  const waits = createWaits({ client, everySeconds });

  async function toNewest(table: string, there: TableDescription | undefined): Promise<Restored> {
    // What is there is the newest.
    if (!there) await make(table, await backupOfDeletion(table));
    return 'last';
  }

  async function toPoint(table: string, there: TableDescription | undefined, at: Date): Promise<Restored> {
    const beside = pointTable(table, at);
    const made = await backupsOfPoint(client, beside);
    const source = there?.RestoreSummary?.SourceBackupArn;
    if (source && made.includes(source)) {
      onStep(`${table}: was already restored from the backup of ${beside}`);
      return 'point';
    }
    const backup = made[0] ?? (await backUpPoint({ table, there, at, beside }));
    if (!backup) {
      onStep(`${table}: had been deleted; DynamoDB can restore only its last state`);
      return toNewest(table, there);
    }
    await waits.untilAvailable(backup);
    if (there) await remove(table, there);
    await make(table, backup);
    return 'point';
  }

  /**
   * @returns ARN of a new backup of the table as it was at `at`; none when the table was deleted since, and not by us
   */
  async function backUpPoint({
    table,
    there,
    at,
    beside,
  }: {
    table: string;
    there: TableDescription | undefined;
    at: Date;
    beside: string;
  }): Promise<string | undefined> {
    if (!(await waits.atRest(beside))) {
      if (!there) {
        await refuseOtherPoint(table);
        return undefined;
      }
      if (there.CreationDateTime && there.CreationDateTime > at) {
        const source = there.RestoreSummary?.SourceBackupArn ?? 'nothing';
        if ((await backupsOfDeletion(client, table)).includes(source)) return undefined;
        throw new Error(
          `The table ${table} was created at ${there.CreationDateTime.toISOString()}, after the restore point, so it has no earlier state to restore. The table was not changed`,
        );
      }
      await client.send(
        new RestoreTableToPointInTimeCommand({ SourceTableName: table, TargetTableName: beside, RestoreDateTime: at }),
      );
      onStep(`${table}: restoring the point as ${beside}`);
      await waits.untilActive(beside);
    }
    const { BackupDetails } = await client.send(new CreateBackupCommand({ TableName: beside, BackupName: backupName }));
    return BackupDetails?.BackupArn;
  }

  /** The backup of the deletion holds the damage when it was a restore that deleted the table. */
  async function refuseOtherPoint(table: string): Promise<void> {
    const [other] = await pointsWithBackup(client, table);
    if (other)
      throw new Error(
        `The table ${table} does not exist, but a backup of ${other} does: a restore to that time (UTC) was interrupted. Run it again with that time as --at. If the backup is from an earlier restore, delete it first`,
      );
  }

  async function remove(table: string, { DeletionProtectionEnabled }: TableDescription): Promise<void> {
    if (DeletionProtectionEnabled) {
      await client.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: false }));
      await waits.untilActive(table);
    }
    await client.send(new DeleteTableCommand({ TableName: table }));
    await waits.untilGone(table);
    onStep(`${table}: deleted; DynamoDB keeps a backup of it for 35 days`);
  }

  async function make(table: string, BackupArn: string): Promise<void> {
    await client.send(new RestoreTableFromBackupCommand({ BackupArn, TargetTableName: table }));
    onStep(`${table}: creating it from its backup`);
  }

  /** @throws Error when DynamoDB has none: the table was never there, or its deletion is longer ago than 35 days */
  async function backupOfDeletion(table: string): Promise<string> {
    const [newest] = await backupsOfDeletion(client, table);
    if (!newest) throw new Error(`DynamoDB has no backup of the deleted table ${table}`);
    await waits.untilAvailable(newest);
    return newest;
  }

  return {
    async restore(table, at) {
      const settings = tables.get(table);
      if (!settings) throw new Error(`There is no definition of the table ${table}`);
      const there = await waits.atRest(table);
      const restored = at ? await toPoint(table, there, at) : await toNewest(table, there);
      await settleTable(table, { client, waits, settings, everySeconds });
      return restored;
    },
  };
}
