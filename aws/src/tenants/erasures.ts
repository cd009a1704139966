import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { instantSchema, userIdSchema, type UserId } from '@top-active/core/contracts';
import { z } from 'zod';
import type { AwsClients } from '../calls/clients.ts';
import { expiryAfter, instant } from '../items/instants.ts';
import { tombstoneDays } from '../table-definitions.ts';

const tombstoneSchema = z.object({
  userId: userIdSchema,
  requestedAt: instantSchema,
  completedAt: instantSchema.optional(),
});
/** Who was erased, and nothing else about them. */
export type Tombstone = z.infer<typeof tombstoneSchema>;

const openErasureSchema = z.object({
  userId: userIdSchema,
  requestedAt: instantSchema,
  openedAt: instantSchema,
  again: z.boolean(),
  left: z.boolean().default(false),
});
/**
 * An erasure that isn't complete. `left`: WhatsApp and Google have been told, and the event log is closed. `again`: it
 * was complete, but a restore may have brought the user's data back.
 */
export type OpenErasure = z.infer<typeof openErasureSchema>;

/**
 * The table of erasures. It is never restored to an earlier point: whatever is in it stays true, and it is what a
 * restore of the other tables is cleaned up by.
 */
export interface Erasures {
  /** The point of no return: writes the tombstone and opens the erasure. Asked for again, it answers the first one. */
  request(userId: UserId): Promise<Tombstone>;
  find(userId: UserId): Promise<Tombstone | undefined>;
  /** Erasures under way. */
  open(): Promise<OpenErasure[]>;
  /** Notes that whoever is outside has been told: no restore needs to tell them again. */
  noteLeft(userId: UserId): Promise<void>;
  complete(userId: UserId): Promise<void>;
  /** Everybody who was ever erased, as far back as tombstones are kept. */
  tombstones(): Promise<Tombstone[]>;
  /** Has an erasure that was complete done once more. One that is under way goes on as it is. */
  reopen(userId: UserId): Promise<void>;
}

const tombstone = 'TOMBSTONE';
const opened = 'OPEN';

/** @param options.table the table `erasures` */
export function createErasures(
  clients: Pick<AwsClients, 'dynamodb'>,
  { table, now = Date.now }: { table: string; now?: (() => number) | undefined },
): Erasures {
  async function list<S extends z.ZodType>(pk: string, schema: S): Promise<z.infer<S>[]> {
    const found: z.infer<S>[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await clients.dynamodb.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      for (const item of page.Items ?? []) found.push(schema.parse(item));
      start = page.LastEvaluatedKey;
    } while (start);
    return found;
  }

  async function find(userId: UserId): Promise<Tombstone | undefined> {
    const { Item } = await clients.dynamodb.send(
      new GetCommand({ TableName: table, Key: { pk: tombstone, sk: userId }, ConsistentRead: true }),
    );
    return Item && tombstoneSchema.parse(Item);
  }

  return {
    find,
    open: () => list(opened, openErasureSchema),
    tombstones: () => list(tombstone, tombstoneSchema),
    async request(userId) {
      const requestedAt = instant(now());
      const stone = { pk: tombstone, sk: userId, userId, requestedAt, expiresAt: tombstoneExpiry(now()) };
      const ConditionExpression = 'attribute_not_exists(pk)';
      const Item = openItem(userId, { requestedAt, openedAt: requestedAt, again: false, left: false });
      try {
        await clients.dynamodb.send(
          new TransactWriteCommand({
            TransactItems: [
              { Put: { TableName: table, Item: stone, ConditionExpression } },
              { Put: { TableName: table, Item } },
            ],
          }),
        );
        return { userId, requestedAt };
      } catch (error) {
        const earlier = error instanceof TransactionCanceledException ? await find(userId) : undefined;
        if (!earlier) throw error;
        return earlier;
      }
    },
    async noteLeft(userId) {
      await clients.dynamodb.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk: opened, sk: userId },
          UpdateExpression: 'SET #left = :true',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#left': 'left' },
          ExpressionAttributeValues: { ':true': true },
        }),
      );
    },
    async complete(userId) {
      await clients.dynamodb.send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Update: {
                TableName: table,
                Key: { pk: tombstone, sk: userId },
                UpdateExpression: 'SET completedAt = :now',
                ConditionExpression: 'attribute_exists(pk)',
                ExpressionAttributeValues: { ':now': instant(now()) },
              },
            },
            { Delete: { TableName: table, Key: { pk: opened, sk: userId } } },
          ],
        }),
      );
    },
    async reopen(userId) {
      const stone = await find(userId);
      if (!stone) throw new Error('Nobody with this id was erased');
      // Not yet complete: it is open already, and sessions may still have to be ended.
      if (!stone.completedAt) return;
      const openedAt = instant(now());
      const Item = openItem(userId, { requestedAt: stone.requestedAt, openedAt, again: true, left: true });
      await clients.dynamodb.send(new PutCommand({ TableName: table, Item }));
    },
  };
}

function tombstoneExpiry(now: number): number {
  return expiryAfter(now, tombstoneDays * 24 * 3600);
}

function openItem(userId: UserId, item: Omit<OpenErasure, 'userId'>) {
  return { pk: opened, sk: userId, userId, ...item };
}
