import { BatchGetCommand, ScanCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Heartbeat, KnownHost, ShardLease } from '@top-active/core/domain';
import { z } from 'zod';
import { backOff } from '../calls/retry.ts';
import { shardKey, shardPrefix } from '../items/keys.ts';

const heartbeatSchema = z.object({
  hostId: z.string(),
  instance: z.string(),
  beat: z.int(),
  sentAt: z.number(),
  ended: z.boolean(),
  // Hosts of earlier versions don't have this field.
  draining: z.boolean().default(false),
  released: z.array(z.object({ shard: z.int(), epoch: z.int() })).default([]),
});
/** What a host publishes about itself, once. */
const factsSchema = z.object({
  capacity: z.number().default(1),
  version: z.string().default('unversioned'),
  beganAt: z.number().default(0),
});
const hostSchema = heartbeatSchema.extend(factsSchema.shape);
const leaseSchema = z.object({ pk: z.string(), hostId: z.string(), instance: z.string(), epoch: z.int() });

const countSchema = z.object({ pk: z.literal(`${shardPrefix}count` as const), shards: z.int() });

/** How many shards there are, as of the first time that one was taken. */
export const countKey = countSchema.shape.pk.value;

const batchSize = 100;
const maxRounds = 6;

export const hostKey = (hostId: string) => `HOST#${hostId}`;

interface Source {
  client: DynamoDBDocumentClient;
  table: string;
  signal?: AbortSignal | undefined;
}

/** The leases of these shards, without shards that were never taken. */
export async function readLeases(source: Source, shards: readonly number[]): Promise<ShardLease[]> {
  return (
    await readAll(
      source,
      shards.map((shard) => shardKey(shard)),
    )
  ).map((item) => toLease(item));
}

function toLease(item: unknown): ShardLease {
  const { pk, ...lease } = leaseSchema.parse(item);
  return { ...lease, shard: Number(pk.slice(shardPrefix.length)) };
}

export async function readHeartbeats(source: Source, hostIds: Iterable<string>): Promise<Heartbeat[]> {
  const items = await readAll(source, [...new Set(hostIds)].map(hostKey));
  return items.map((item) => heartbeatSchema.parse(item));
}

/** Everything in the table, at about the same time: it is small. */
export async function scanAll({
  client,
  table,
  signal,
}: Source): Promise<{ leases: ShardLease[]; hosts: KnownHost[]; shards: number | undefined }> {
  const items: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: start }),
      { ...(signal && { abortSignal: signal }) },
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  const of = (prefix: string) => items.filter(({ pk }) => pk !== countKey && String(pk).startsWith(prefix));
  return {
    leases: of(shardPrefix).map((item) => toLease(item)),
    hosts: of(hostKey('')).map((item) => hostSchema.parse(item)),
    shards: items.map((item) => countSchema.safeParse(item).data?.shards).find((count) => count !== undefined),
  };
}

async function readAll({ client, table, signal }: Source, pks: readonly string[]): Promise<unknown[]> {
  const items: unknown[] = [];
  let left = pks.map((pk): Record<string, unknown> => ({ pk }));
  for (let round = 1; left.length > 0; round++) {
    if (round > maxRounds + pks.length / batchSize) throw new Error('DynamoDB left keys of a batch unread');
    if (round > maxRounds) await backOff(round);
    const keys = left.slice(0, batchSize);
    const request = { RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } };
    const answer = await client.send(new BatchGetCommand(request), { ...(signal && { abortSignal: signal }) });
    items.push(...(answer.Responses?.[table] ?? []));
    left = [...left.slice(batchSize), ...(answer.UnprocessedKeys?.[table]?.Keys ?? [])];
  }
  return items;
}
