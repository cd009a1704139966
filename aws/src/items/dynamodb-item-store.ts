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
import type { ItemQuery, ItemSealing, ItemStore, Write } from './item-store.ts';
import { partitionOf } from './keys.ts';
import { refusalOf } from './transaction-refused.ts';
import { noteUnreadable } from './unreadable.ts';

export interface ItemStoreOptions {
  client: DynamoDBDocumentClient;
  table: string;
  userId: UserId;
  now: () => number;
  /** Without it items lie in the table as they are given. */
  sealing?: ItemSealing | undefined;
}

const unsealed: ItemSealing = {
  toStored: async (write) => write,
  storedKey: async (sk) => sk,
  fromStored: async (item) => item,
};

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const maxRounds = 8;
const batchSize = 100;
const expirySchema = z.looseObject({ [ttlAttribute]: z.number().optional() });

export function createItemStore({ client, table, userId, now, sealing = unsealed }: ItemStoreOptions): ItemStore {
  const pk = partitionOf(userId);

  function isLive(item: unknown): boolean {
    const expiry = expirySchema.parse(item)[ttlAttribute];
    return typeof expiry !== 'number' || expiry * 1000 > now();
  }

  async function read<S extends z.ZodType>(
    item: unknown,
    { schema, sk, evenExpired = false }: { schema: S; sk: string; evenExpired?: boolean },
  ): Promise<z.infer<S> | undefined> {
    if (item === undefined || !(evenExpired || isLive(item))) return undefined;
    return schema.parse(await sealing.fromStored(item, sk));
  }

  /** One bad item of a list must not hide the others. */
  async function readListed<S extends z.ZodType>(
    item: unknown,
    { schema, sk, evenExpired = false }: { schema: S; sk?: string; evenExpired?: boolean | undefined },
  ): Promise<z.infer<S> | undefined> {
    if (item === undefined || !(evenExpired || isLive(item))) return undefined;
    // A key that can't be had is no bad item: the whole list fails.
    const opened = await sealing.fromStored(item, sk);
    try {
      return schema.parse(opened);
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

  async function send(write: Write): Promise<void> {
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
      for (const value of await Promise.all(page.map((item) => readListed(item, { schema, evenExpired })))) {
        if (value !== undefined) found.push(value);
        if (found.length === limit) return found;
      }
    }
    return found;
  }

  return {
    async get(sk, schema, { evenExpired } = { evenExpired: false }) {
      const Key = { pk, sk: await sealing.storedKey(sk) };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return read(Item, { schema, sk, evenExpired });
    },
    async getMany(sks, schema) {
      const stored = await Promise.all(sks.map((sk) => sealing.storedKey(sk)));
      const found = new Map<string, unknown>();
      for (let start = 0; start < stored.length; start += batchSize) {
        const items = await getBatch({ client, table, pk, sks: [...new Set(stored.slice(start, start + batchSize))] });
        for (const item of items) found.set(skSchema.parse(item).sk, item);
      }
      const values = sks.map((sk, i) => readListed(found.get(stored[i] ?? sk), { schema, sk }));
      return (await Promise.all(values)).flatMap((value) => (value === undefined ? [] : [value]));
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
      const stored = await sealing.toStored(write);
      for (let round = 1; ; round++) {
        try {
          await send(stored);
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
      const Key = { pk, sk: await sealing.storedKey(sk) };
      const { Attributes } = await client.send(new DeleteCommand({ TableName: table, Key, ReturnValues: 'ALL_OLD' }));
      return read(Attributes, { schema, sk });
    },
    async transact(writes) {
      const stored = await Promise.all(writes.map((write) => sealing.toStored(write)));
      try {
        await client.send(new TransactWriteCommand({ TransactItems: stored.map(toTransactItem) }));
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
