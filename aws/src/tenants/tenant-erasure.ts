import { QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { UserId } from '@top-active/core/contracts';
import { z } from 'zod';
import type { ItemStore } from '../items/item-store.ts';
import { keys, partitionOf } from '../items/keys.ts';

/** What is left of a user when everything is taken away. Of `items` and `keys`; other tables aren't the tenant's. */
export interface TenantErasure {
  /**
   * Deletes the user's items. Until `last` the end of the event log stays: it is what keeps late writers from leaving
   * something behind. False: `isTimeUp` said so before everything was gone, and the next call goes on.
   */
  deleteItems(options: { last: boolean; isTimeUp: () => boolean }): Promise<boolean>;
  /** Whether neither an item nor a wrapped key is left. */
  isEmpty(): Promise<boolean>;
}

export interface TenantErasureOptions {
  client: DynamoDBDocumentClient;
  userId: UserId;
  tables: { items: string; keys: string };
  items: ItemStore;
}

/** So many deletions at once. */
const width = 25;
const sortKeySchema = z.object({ sk: z.string() });

export function createTenantErasure({ client, userId, tables, items }: TenantErasureOptions): TenantErasure {
  async function* sortKeys(table: string): AsyncGenerator<string[]> {
    let start: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': partitionOf(userId) },
          ProjectionExpression: 'sk',
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      yield (page.Items ?? []).map((item) => sortKeySchema.parse(item).sk);
      start = page.LastEvaluatedKey;
    } while (start);
  }

  return {
    async deleteItems({ last, isTimeUp }) {
      for await (const page of sortKeys(tables.items)) {
        const doomed = last ? page : page.filter((sk) => sk !== keys.sequence);
        for (let from = 0; from < doomed.length; from += width) {
          if (isTimeUp()) return false;
          await Promise.all(doomed.slice(from, from + width).map((sk) => items.write({ kind: 'delete', sk })));
        }
      }
      return true;
    },
    async isEmpty() {
      for (const table of [tables.items, tables.keys])
        for await (const page of sortKeys(table)) if (page.length > 0) return false;
      return true;
    },
  };
}
