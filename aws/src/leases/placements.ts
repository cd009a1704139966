import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { userIdSchema, type UserId } from '@top-active/core/contracts';
import { shardOf } from '@top-active/core/domain';
import { z } from 'zod';
import type { AwsClients } from '../calls/clients.ts';
import { partitionOf, shardKey, userPrefix } from '../items/keys.ts';

/** The users whose sessions should run, by shard (`shardOf` in core/domain). */
export interface Placements {
  /** Idempotent. Returns the user's shard. */
  assign(userId: UserId): Promise<number>;
  release(userId: UserId): Promise<void>;
  list(shard: number): Promise<UserId[]>;
  has(userId: UserId): Promise<boolean>;
}

const itemSchema = z.object({ sk: z.string().startsWith(userPrefix) });

export function createPlacements(
  clients: AwsClients,
  { table, shards }: { table: string; shards: number },
): Placements {
  const keyOf = (userId: UserId) => {
    const shard = shardOf(userId, shards);
    return { shard, key: { pk: shardKey(shard), sk: partitionOf(userId) } };
  };

  return {
    async assign(userId) {
      const { shard, key } = keyOf(userId);
      await clients.dynamodb.send(new PutCommand({ TableName: table, Item: key }));
      return shard;
    },
    async release(userId) {
      await clients.dynamodb.send(new DeleteCommand({ TableName: table, Key: keyOf(userId).key }));
    },
    async list(shard) {
      const users: UserId[] = [];
      let start: Record<string, unknown> | undefined;
      do {
        const page = await clients.dynamodb.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
            ExpressionAttributeValues: { ':pk': shardKey(shard), ':prefix': userPrefix },
            ConsistentRead: true,
            ExclusiveStartKey: start,
          }),
        );
        for (const item of page.Items ?? [])
          users.push(userIdSchema.parse(itemSchema.parse(item).sk.slice(userPrefix.length)));
        start = page.LastEvaluatedKey;
      } while (start);
      return users;
    },
    async has(userId) {
      const { Item } = await clients.dynamodb.send(
        new GetCommand({ TableName: table, Key: keyOf(userId).key, ConsistentRead: true }),
      );
      return Item !== undefined;
    },
  };
}
