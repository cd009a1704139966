import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { partitionOf } from '../src/items/keys.ts';
import type { Tenant } from '../src/tenants/tenant.ts';
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

/** Everything that is stored of a user, as the user's own stores see it. */
export async function openRows(db: Pick<TestDynamoDb, 'client'>, { userId, items }: Tenant): Promise<unknown[]> {
  const rows = await readRows(db, userId);
  const opened = await items.getMany(
    rows.map(({ sk }) => sk),
    z.looseObject({ sk: z.string() }),
  );
  const found = new Map(opened.map((row) => [row.sk, row]));
  // A row whose key is a hash isn't found by it, and has no words of anybody's.
  return rows.map((row) => found.get(row.sk) ?? row);
}

/**
 * Changes what a row says behind the stores' back, as an older version or a fault may have left it. Undefined fields
 * are taken away.
 */
export async function damageRow(
  { items }: Pick<Tenant, 'items'>,
  { sk, change }: { sk: string; change: Record<string, unknown> },
): Promise<void> {
  const row = await items.get(sk, z.record(z.string(), z.unknown()));
  if (!row) throw new Error(`There is no row ${sk}`);
  const { byActivity, ...item } = row;
  await items.write({
    kind: 'put',
    sk,
    item: { ...item, ...change },
    activity: z.string().optional().parse(byActivity),
  });
}

/** Changes a bit of what is sealed in a row. */
export async function breakSeal(
  db: Pick<TestDynamoDb, 'client'>,
  { userId, sk }: { userId: string; sk: string },
): Promise<void> {
  const row = (await readRows(db, userId)).find((one) => one.sk === sk);
  const sealed = Buffer.from(z.instanceof(Uint8Array).parse(row?.['sealed']));
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
  await db.client.send(new PutCommand({ TableName: 'items', Item: { ...row, sealed } }));
}
