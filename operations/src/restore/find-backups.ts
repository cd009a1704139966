import { ListBackupsCommand, type BackupSummary, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Of each backup that a restore makes of a point. */
export const backupName = 'restore';

/** @returns those that can be used or soon will be, newest first */
async function listBackups(
  client: DynamoDBClient,
  { table, type }: { table?: string | undefined; type: 'USER' | 'SYSTEM' },
): Promise<BackupSummary[]> {
  const found: BackupSummary[] = [];
  let from: string | undefined;
  do {
    const page = await client.send(
      new ListBackupsCommand({ TableName: table, BackupType: type, ExclusiveStartBackupArn: from }),
    );
    found.push(...(page.BackupSummaries ?? []));
    from = page.LastEvaluatedBackupArn;
  } while (from);
  return found
    .filter(({ BackupStatus }) => BackupStatus !== 'DELETED')
    .toSorted((a, b) => (b.BackupCreationDateTime?.getTime() ?? 0) - (a.BackupCreationDateTime?.getTime() ?? 0));
}

/**
 * ARNs of the backups of a point that a restore has made, newest first. @param beside the table that the point stands
 * in
 */
export async function backupsOfPoint(client: DynamoDBClient, beside: string): Promise<string[]> {
  const found = await listBackups(client, { table: beside, type: 'USER' });
  return found.flatMap(({ BackupName, BackupArn }) => (BackupName === backupName && BackupArn ? [BackupArn] : []));
}

/** Names of the tables that stand for points of this table, of which there are backups by a restore. */
export async function pointsWithBackup(client: DynamoDBClient, table: string): Promise<string[]> {
  const found = await listBackups(client, { type: 'USER' });
  const names = found.flatMap(({ BackupName, TableName }) =>
    BackupName === backupName && TableName?.startsWith(pointPrefix(table)) ? [TableName] : [],
  );
  return [...new Set(names)];
}

/** Newest first; DynamoDB makes them by itself, and keeps them for 35 days. */
export async function backupsOfDeletion(client: DynamoDBClient, table: string): Promise<string[]> {
  const found = await listBackups(client, { table, type: 'SYSTEM' });
  return found.flatMap(({ BackupArn }) => BackupArn ?? []);
}

/** Name of the table that a point is restored as, before it takes the table's place. */
export function pointTable(table: string, at: Date): string {
  const digits = at.toISOString().replaceAll(/[^0-9]/g, '');
  return `${pointPrefix(table)}${digits.slice(0, 14)}`;
}

function pointPrefix(table: string): string {
  return `${table}-at-`;
}
