import {
  ContinuousBackupsUnavailableException,
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';
import type { TableDefinition } from '@top-active/aws/table-definitions';
import { patienceSeconds, type Waits } from './waits.ts';

export interface TableSettings {
  definition: TableDefinition;
  /** For how many days the table can be restored. */
  recoveryDays: number;
  /** Whether it is protected from deletion. */
  protect: boolean;
}

/**
 * Gives a table what a restore leaves out: stream, end of items, recovery and protection. What is right already is not
 * asked for: DynamoDB refuses to switch on what is on.
 */
export async function settleTable(
  table: string,
  {
    client,
    waits,
    settings,
    everySeconds,
  }: { client: DynamoDBClient; waits: Waits; settings: TableSettings; everySeconds: number },
): Promise<void> {
  const { stream, ttlAttribute } = settings.definition;
  const { DeletionProtectionEnabled = false, StreamSpecification } = await waits.untilActive(table);
  const change = {
    ...(DeletionProtectionEnabled !== settings.protect && { DeletionProtectionEnabled: settings.protect }),
    ...(stream &&
      !StreamSpecification?.StreamEnabled && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: stream },
      }),
  };
  if (Object.keys(change).length > 0) {
    await client.send(new UpdateTableCommand({ TableName: table, ...change }));
    await waits.untilActive(table);
  }
  if (ttlAttribute) await endItems(client, { table, ttlAttribute });
  await makeRecoverable(client, { table, days: settings.recoveryDays, everySeconds });
}

async function endItems(
  client: DynamoDBClient,
  { table, ttlAttribute }: { table: string; ttlAttribute: string },
): Promise<void> {
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
  const { TimeToLiveStatus = '', AttributeName } = TimeToLiveDescription ?? {};
  if (AttributeName === ttlAttribute && ['ENABLED', 'ENABLING'].includes(TimeToLiveStatus)) return;
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: table,
      TimeToLiveSpecification: { Enabled: true, AttributeName: ttlAttribute },
    }),
  );
}

async function makeRecoverable(
  client: DynamoDBClient,
  { table, days, everySeconds }: { table: string; days: number; everySeconds: number },
): Promise<void> {
  if (await isRecoverable(client, { table, days })) return;
  const deadline = performance.now() + patienceSeconds * 1000;
  const wanted = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: days };
  for (;;) {
    try {
      await client.send(
        new UpdateContinuousBackupsCommand({ TableName: table, PointInTimeRecoverySpecification: wanted }),
      );
      return;
    } catch (error) {
      // So it is with a table that was made a moment ago.
      if (!(error instanceof ContinuousBackupsUnavailableException) || performance.now() > deadline) throw error;
      await pause(everySeconds * 1000);
    }
  }
}

async function isRecoverable(
  client: DynamoDBClient,
  { table, days }: { table: string; days: number },
): Promise<boolean> {
  const { ContinuousBackupsDescription } = await client.send(
    new DescribeContinuousBackupsCommand({ TableName: table }),
  );
  const { PointInTimeRecoveryStatus, RecoveryPeriodInDays } =
    ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  return PointInTimeRecoveryStatus === 'ENABLED' && RecoveryPeriodInDays === days;
}
