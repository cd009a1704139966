import {
  DescribeBackupCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  waitUntilTableExists,
  waitUntilTableNotExists,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';

/** A restore takes minutes to hours, by the size of the table. */
export const patienceSeconds = 6 * 3600;

/** Looks at tables and backups that are being made, changed or deleted, until DynamoDB is done with them. */
export interface Waits {
  /** The table once nothing is done to it any more: ACTIVE, or absent when it isn't there or was just being deleted. */
  atRest(table: string): Promise<TableDescription | undefined>;
  /** @throws Error when there is no such table */
  untilActive(table: string): Promise<TableDescription>;
  untilGone(table: string): Promise<void>;
  /** @throws Error when the backup was deleted, or isn't available after hours */
  untilAvailable(backupArn: string): Promise<void>;
}

export function createWaits({ client, everySeconds }: { client: DynamoDBClient; everySeconds: number }): Waits {
  const waiter = { client, maxWaitTime: patienceSeconds, minDelay: everySeconds, maxDelay: everySeconds };

  async function describe(TableName: string): Promise<TableDescription | undefined> {
    try {
      return (await client.send(new DescribeTableCommand({ TableName }))).Table;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  async function untilActive(table: string): Promise<TableDescription> {
    await waitUntilTableExists(waiter, { TableName: table });
    const found = await describe(table);
    if (!found)
      throw new Error(
        `Somebody else deleted the table ${table} during the restore. Find out who, then run the restore again with the same --at`,
      );
    return found;
  }

  async function untilGone(table: string): Promise<void> {
    await waitUntilTableNotExists(waiter, { TableName: table });
  }

  return {
    async atRest(table) {
      const found = await describe(table);
      if (!found || found.TableStatus === 'ACTIVE') return found;
      if (found.TableStatus !== 'DELETING') return untilActive(table);
      await untilGone(table);
      return undefined;
    },
    untilActive,
    untilGone,
    async untilAvailable(BackupArn) {
      const deadline = performance.now() + patienceSeconds * 1000;
      while (performance.now() < deadline) {
        const { BackupDescription } = await client.send(new DescribeBackupCommand({ BackupArn }));
        const status = BackupDescription?.BackupDetails?.BackupStatus;
        if (status === 'AVAILABLE') return;
        if (status === 'DELETED')
          throw new Error(
            `Somebody else deleted the backup ${BackupArn} during the restore. Find out who, then run the restore again with the same --at`,
          );
        await pause(everySeconds * 1000);
      }
      throw new Error(`The backup ${BackupArn} did not become available`);
    },
  };
}
