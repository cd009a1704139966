import { DescribeContinuousBackupsCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fail, ok, warn, type Check, type Finding } from '../finding.ts';
import type { Inventory } from './inventory.ts';

export interface TableBackup {
  table: string;
  isOn: boolean;
  /** Newest point that the table could be restored to. */
  newest?: Date | undefined;
  days?: number | undefined;
}

/** DynamoDB is at most five minutes behind. */
const lateMs = 20 * 60_000;

export function backupsCheck(dynamodb: DynamoDBClient, inventory: Inventory): Check {
  return { title: 'Backups', look: async () => judgeBackups(await readBackups(dynamodb, inventory), new Date()) };
}

export function judgeBackups(tables: readonly TableBackup[], now: Date): Finding {
  if (tables.length === 0) return fail('there are no tables', 'Deploy: npm run deploy');
  const off = tables.filter(({ isOn }) => !isOn).map(({ table }) => table);
  const again = 'Deploy again: infra/src/stacks/data-stack.ts sets it.';
  if (off.length > 0) return fail(`point-in-time recovery is off for ${off.join(', ')}`, again);
  const late = tables.filter(({ newest }) => !newest || now.getTime() - newest.getTime() > lateMs);
  if (late.length > 0)
    return warn(
      `no recent recovery point for ${late.map(({ table }) => table).join(', ')}`,
      'Look again in a few minutes. If it stays so, ask AWS support.',
    );
  const keys = tables.find(({ table }) => table.startsWith('Keys'));
  if (keys?.days !== undefined && keys.days > 1)
    return fail(`the table of wrapped keys can be restored for ${keys.days} days, and so can erased secrets`, again);
  const oldest = Math.max(...tables.map(({ newest }) => now.getTime() - (newest?.getTime() ?? 0)));
  return ok(`${tables.length} tables, newest recovery points at most ${Math.ceil(oldest / 60_000)} min old`);
}

async function readBackups(dynamodb: DynamoDBClient, inventory: Inventory): Promise<TableBackup[]> {
  const tables = await inventory.resources('AWS::DynamoDB::Table');
  return Promise.all(
    tables.map(async ({ logicalId, physicalId }) => {
      const { ContinuousBackupsDescription } = await dynamodb.send(
        new DescribeContinuousBackupsCommand({ TableName: physicalId }),
      );
      const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
      return {
        table: logicalId,
        isOn: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
        newest: recovery?.LatestRestorableDateTime,
        days: recovery?.RecoveryPeriodInDays,
      };
    }),
  );
}
