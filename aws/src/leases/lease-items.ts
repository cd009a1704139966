import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Heartbeat, ShardLease } from '@top-active/core/domain';
import { z } from 'zod';
import { backOff } from '../retry.ts';

const heartbeatSchema = z.object({
  hostId: z.string(),
  instance: z.string(),
  beat: z.int(),
  sentAt: z.number(),
  ended: z.boolean(),
});
const leaseSchema = z.object({ pk: z.string(), hostId: z.string(), instance: z.string(), epoch: z.int() });

const batchSize = 100;
const maxRounds = 6;

export const hostKey = (hostId: string) => `HOST#${hostId}`;
export const shardKey = (shard: number | '') => `SHARD#${shard}`;

interface Source {
  client: DynamoDBDocumentClient;
  table: string;
  signal?: AbortSignal | undefined;
}

/** Those of the leases that were ever taken. */
export async function readLeases(source: Source, shards: readonly number[]): Promise<ShardLease[]> {
  return (
    await readAll(
      source,
      shards.map((shard) => shardKey(shard)),
    )
  ).map((item) => {
    const { pk, ...lease } = leaseSchema.parse(item);
    return { ...lease, shard: Number(pk.slice(shardKey('').length)) };
  });
}

export async function readHeartbeats(source: Source, hostIds: Iterable<string>): Promise<Heartbeat[]> {
  const items = await readAll(source, [...new Set(hostIds)].map(hostKey));
  return items.map((item) => heartbeatSchema.parse(item));
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
