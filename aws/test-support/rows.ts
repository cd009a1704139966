import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { partitionOf } from '../src/items/keys.ts';
import type { TestDynamoDb } from './dynoxide.ts';

type Row = Record<string, unknown> & { sk: string };

/** Everything that is stored of a user, as it lies in the table `items`. */
export async function readRows(db: Pick<TestDynamoDb, 'client'>, userId: string): Promise<Row[]> {
  const { Items = [] } = await db.client.send(
    new QueryCommand({
      TableName: 'items',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partitionOf(userId) },
    }),
  );
  return Items.map((item) => ({ ...item, sk: String(item['sk']) }));
}

/**
 * Changes a row behind the stores' back, as an older version or a fault may have left it. Undefined fields are taken
 * away.
 */
export async function damageRow(
  db: Pick<TestDynamoDb, 'client'>,
  { userId, sk, change }: { userId: string; sk: string; change: Record<string, unknown> },
): Promise<void> {
  const row = (await readRows(db, userId)).find((one) => one.sk === sk);
  if (!row) throw new Error(`There is no row ${sk}`);
  await db.client.send(new PutCommand({ TableName: 'items', Item: { ...row, ...change } }));
}
