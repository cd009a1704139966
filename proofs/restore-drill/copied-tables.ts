import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  paginateScan,
  ResourceNotFoundException,
  UpdateTableCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { TableName } from '@top-active/aws/table-definitions';
import { tableDefinitions } from '@top-active/aws/table-definitions';
import type { TableBackups } from '@top-active/operations/restore/table-backups';
import { startDynamoDb } from '@top-active/cloud/dynamodb';
import { createTableInput, tableNames } from '@top-active/local/stack/make-tables';
import { dynamoDbClient } from '@top-active/local/stack/dynamodb-client';

type Item = Record<string, AttributeValue>;

const batchSize = 25;

/**
 * Stand-in for DynamoDB's backups: a copy of all tables at one instant, while they are written to. (DynamoDB's own are
 * consistent for each table; of several tables to the second.)
 */
export function copyTables({ from, to }: { from: string; to: string }): void {
  mkdirSync(to, { recursive: true });
  rmSync(join(to, 'tables.db'), { force: true });
  const db = new DatabaseSync(join(from, 'tables.db'), { readOnly: true });
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    db.prepare('VACUUM INTO ?').run(join(to, 'tables.db'));
  } finally {
    db.close();
  }
}

/** Reads a copy with a server of its own, which is gone afterwards. */
export async function readCopy(dir: string): Promise<Record<TableName, Item[]>> {
  // Opening it may write to it.
  const scratch = join(dir, 'reading');
  mkdirSync(scratch, { recursive: true });
  copyFileSync(join(dir, 'tables.db'), join(scratch, 'tables.db'));
  const server = await startDynamoDb({ dir: scratch });
  const client = dynamoDbClient(server.endpoint);
  try {
    return await readTables(client);
  } finally {
    client.destroy();
    await server.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

export async function readTables(client: DynamoDBClient): Promise<Record<TableName, Item[]>> {
  const read = async (TableName: TableName) => {
    const items: Item[] = [];
    for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true }))
      items.push(...(page.Items ?? []));
    return items;
  };
  return {
    items: await read('items'),
    keys: await read('keys'),
    placements: await read('placements'),
    limits: await read('limits'),
    erasures: await read('erasures'),
    leases: await read('leases'),
  };
}

/** @param options.point copy of the restore point @param options.newest copy of the last state */
export function copiedTables({
  client,
  point,
  newest,
}: {
  client: DynamoDBClient;
  point: Record<TableName, Item[]>;
  newest: Record<TableName, Item[]>;
}): TableBackups {
  return {
    async restore(table, at) {
      const name = known.find((name) => tableNames[name] === table);
      if (!name) throw new Error(`There is no table ${table}`);
      await removeTable(client, table);
      const { StreamSpecification, ...input } = createTableInput(table, tableDefinitions[name]);
      await client.send(new CreateTableCommand(input));
      await fill(client, { table, items: (at ? point : newest)[name] });
      // As in AWS a restored table begins without a stream: what comes back is no news for anybody.
      if (StreamSpecification) await client.send(new UpdateTableCommand({ TableName: table, StreamSpecification }));
      return at ? 'point' : 'last';
    },
  };
}

const known: readonly TableName[] = ['items', 'keys', 'placements', 'limits', 'erasures', 'leases'];

export async function removeTable(client: DynamoDBClient, table: string): Promise<void> {
  try {
    await client.send(new DeleteTableCommand({ TableName: table }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}

async function fill(client: DynamoDBClient, { table, items }: { table: string; items: Item[] }): Promise<void> {
  for (let from = 0; from < items.length; from += batchSize) {
    const requests = items.slice(from, from + batchSize).map((Item) => ({ PutRequest: { Item } }));
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    if (UnprocessedItems?.[table]?.length) throw new Error(`Items of ${table} were left unwritten`);
  }
}
