import { ConditionalCheckFailedException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
  type QueryCommandInput,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { UserId } from '@top-active/core/contracts';
import { z } from 'zod';
import { backOff } from '../calls/retry.ts';
import { chatsByActivity, ttlAttribute } from '../table-definitions.ts';
import { conditionOf, updateOf } from './expressions.ts';
import type { ItemQuery, ItemStore, Write } from './item-store.ts';
import { partitionOf } from './keys.ts';
import { refusalOf } from './transaction-refused.ts';
import { noteUnreadable } from './unreadable.ts';

export interface ItemStoreOptions {
  client: DynamoDBDocumentClient;
  table: string;
  userId: UserId;
  now: () => number;
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const maxRounds = 8;
const batchSize = 100;
const expirySchema = z.looseObject({ [ttlAttribute]: z.number().optional() });

export function createItemStore({ client, table, userId, now }: ItemStoreOptions): ItemStore {
  const pk = partitionOf(userId);

  function isLive(item: unknown): boolean {
    const expiry = expirySchema.parse(item)[ttlAttribute];
    return typeof expiry !== 'number' || expiry * 1000 > now();
  }

  function read<S extends z.ZodType>(item: unknown, schema: S): z.infer<S> | undefined {
    return item !== undefined && isLive(item) ? schema.parse(item) : undefined;
  }

  /** One bad item of a list must not hide the others. */
  function readOne<S extends z.ZodType>(item: unknown, schema: S, evenExpired = false): z.infer<S> | undefined {
    try {
      return evenExpired ? schema.parse(item) : read(item, schema);
    } catch (error) {
      noteUnreadable(item, error);
      return undefined;
    }
  }

  function toTransactItem(write: Write): TransactItem {
    const target = { TableName: table, Key: { pk, sk: write.sk } };
    if (write.kind === 'put')
      return { Put: { TableName: table, Item: itemOf(write), ...conditionOf(write.condition) } };
    if (write.kind === 'update') return { Update: { ...target, UpdateExpression: undefined, ...updateOf(write) } };
    const conditions = conditionOf(write.condition);
    if (write.kind === 'delete') return { Delete: { ...target, ...conditions } };
    return { ConditionCheck: { ...target, ConditionExpression: undefined, ...conditions } };
  }

  function itemOf(write: Extract<Write, { kind: 'put' }>): Record<string, unknown> {
    const index = write.activity === undefined ? {} : { byActivity: write.activity };
    return { ...write.item, ...index, pk, sk: write.sk };
  }

  async function send(write: Exclude<Write, { kind: 'check' }>): Promise<void> {
    const target = { TableName: table, Key: { pk, sk: write.sk } };
    if (write.kind === 'put')
      await client.send(new PutCommand({ TableName: table, Item: itemOf(write), ...conditionOf(write.condition) }));
    else if (write.kind === 'update') await client.send(new UpdateCommand({ ...target, ...updateOf(write) }));
    else await client.send(new DeleteCommand({ ...target, ...conditionOf(write.condition) }));
  }

  async function* pages(input: QueryCommandInput): AsyncGenerator<unknown[]> {
    let start: QueryCommandInput['ExclusiveStartKey'];
    do {
      const page = await client.send(new QueryCommand({ ...input, ExclusiveStartKey: start }));
      yield page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start);
  }

  async function collect<S extends z.ZodType>(
    input: Omit<QueryCommandInput, 'TableName'>,
    { limit, evenExpired = false }: Pick<ItemQuery, 'limit' | 'evenExpired'>,
    schema: S,
  ): Promise<z.infer<S>[]> {
    const found: z.infer<S>[] = [];
    for await (const page of pages({ ...input, TableName: table, ...(limit && { Limit: limit }) })) {
      for (const item of page) {
        const value = readOne(item, schema, evenExpired);
        if (value !== undefined) found.push(value);
        if (found.length === limit) return found;
      }
    }
    return found;
  }

  return {
    async get(sk, schema, { evenExpired } = { evenExpired: false }) {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }));
      return evenExpired && Item ? schema.parse(Item) : read(Item, schema);
    },
    async getMany(sks, schema) {
      const found = new Map<string, unknown>();
      for (let start = 0; start < sks.length; start += batchSize) {
        const items = await getBatch({ client, table, pk, sks: [...new Set(sks.slice(start, start + batchSize))] });
        for (const item of items) found.set(skSchema.parse(item).sk, item);
      }
      return sks.flatMap((sk) => {
        const value = readOne(found.get(sk), schema);
        return value === undefined ? [] : [value];
      });
    },
    query: (query, schema) => collect(rangeOf(pk, query), query, schema),
    queryChatsByActivity({ below, limit }, schema) {
      const range = below === undefined ? '' : ' AND byActivity < :below';
      return collect(
        {
          IndexName: chatsByActivity,
          KeyConditionExpression: `pk = :pk${range}`,
          ExpressionAttributeValues: { ':pk': pk, ...(below !== undefined && { ':below': below }) },
          ScanIndexForward: false,
        },
        { limit },
        schema,
      );
    },
    async write(write) {
      if (write.kind === 'check') throw new TypeError('A check alone writes nothing');
      for (let round = 1; ; round++) {
        try {
          await send(write);
          return true;
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return false;
          // A transaction on the same item was on its way.
          if (!(error instanceof TransactionConflictException) || round >= maxRounds) throw error;
          await backOff(round);
        }
      }
    },
    async take(sk, schema) {
      const { Attributes } = await client.send(
        new DeleteCommand({ TableName: table, Key: { pk, sk }, ReturnValues: 'ALL_OLD' }),
      );
      return read(Attributes, schema);
    },
    async transact(writes) {
      try {
        await client.send(new TransactWriteCommand({ TransactItems: writes.map(toTransactItem) }));
      } catch (error) {
        throw refusalOf(error) ?? error;
      }
    },
  };
}

const skSchema = z.looseObject({ sk: z.string() });

async function getBatch(options: {
  client: DynamoDBDocumentClient;
  table: string;
  pk: string;
  sks: readonly string[];
}): Promise<unknown[]> {
  const { client, table, pk } = options;
  const items: unknown[] = [];
  let keys: Record<string, unknown>[] = options.sks.map((sk) => ({ pk, sk }));
  for (let round = 1; keys.length > 0; round++) {
    if (round > maxRounds) throw new Error('DynamoDB left keys of a batch unread');
    if (round > 1) await backOff(round);
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
    );
    items.push(...(answer.Responses?.[table] ?? []));
    keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return items;
}

function rangeOf(pk: string, { prefix, from, to, descending }: ItemQuery): Omit<QueryCommandInput, 'TableName'> {
  const bounded = from !== undefined || to !== undefined;
  return {
    KeyConditionExpression: bounded ? 'pk = :pk AND sk BETWEEN :from AND :to' : 'pk = :pk AND begins_with(sk, :from)',
    ExpressionAttributeValues: {
      ':pk': pk,
      ':from': prefix + (from ?? ''),
      // Sorts after everything that follows a prefix in our keys.
      ...(bounded && { ':to': prefix + (to ?? '~') }),
    },
    ConsistentRead: true,
    ScanIndexForward: !descending,
  };
}
