import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import { setTimeout as pause } from 'node:timers/promises';
import { localRegion } from '../wire/index.ts';
import { deliverRecords, type DeliveryOptions } from './deliver-records.ts';
import { createFilter } from './filter-criteria.ts';
import { openPositions } from './positions.ts';
import { settleBeforeStop } from './settle-before-stop.ts';
import { toSequenced } from './stream-records.ts';
import type { EventSource, OnError } from './types.ts';

export interface StreamEventSourceOptions extends Pick<
  DeliveryOptions,
  'functionName' | 'invoke' | 'maximumRetryAttempts' | 'onFailure'
> {
  /** Folder of the positions, so that a restart neither skips nor repeats more than the batch under way. */
  dir: string;
  endpoint: string;
  accessKeyId: string;
  streamArn: string;
  /** FilterCriteria: a record that fits one of the patterns is delivered; none: every record. */
  filters: readonly object[];
  batchSize: number;
  onError: OnError;
  /** Pause after an empty read; 50 by default. */
  idleMs?: number | undefined;
}

const errorPauseMs = 1_000;
const shardRefreshMs = 10_000;

/**
 * Polls a table's stream and hands batches to a function: at least once, in order, as Lambda's event source mapping
 * does. It begins at the oldest record there is.
 */
export function startStreamEventSource(options: StreamEventSourceOptions): EventSource {
  const { dir, endpoint, accessKeyId, streamArn, onError, idleMs = 50 } = options;
  const client = new DynamoDBStreamsClient({
    endpoint,
    region: localRegion,
    credentials: { accessKeyId, secretAccessKey: 'local' },
  });
  const passes = createFilter(options.filters);
  const positions = openPositions({ dir, streamArn });
  const stopping = new AbortController();
  const followed = new Map<string, Promise<void>>();
  const finished = new Set<string>();
  let closed = false;
  const watching = watchShards();

  async function watchShards(): Promise<void> {
    do {
      try {
        const shards = await listShards();
        for (const { ShardId } of shards.filter((shard) => mayBegin(shard, shards)))
          if (ShardId && !followed.has(ShardId)) followed.set(ShardId, follow(ShardId));
      } catch (error) {
        report(error);
      }
    } while (await rest(followed.size > 0 ? shardRefreshMs : errorPauseMs));
  }

  async function listShards(): Promise<Shard[]> {
    const shards: Shard[] = [];
    let ExclusiveStartShardId: string | undefined;
    do {
      const page = new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId });
      const { StreamDescription } = await client.send(page, { abortSignal: stopping.signal });
      shards.push(...(StreamDescription?.Shards ?? []));
      ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId;
    } while (ExclusiveStartShardId !== undefined);
    return shards;
  }

  /** A shard that others grew out of comes first, or the order of an item's changes would be lost. */
  function mayBegin({ ParentShardId }: Shard, shards: readonly Shard[]): boolean {
    const parentIsThere = shards.some(({ ShardId }) => ShardId === ParentShardId);
    return ParentShardId === undefined || !parentIsThere || finished.has(ParentShardId);
  }

  async function follow(shardId: string): Promise<void> {
    let iterator: string | undefined;
    while (!stopping.signal.aborted) {
      try {
        iterator ??= await startingIterator(shardId);
        const { Records = [], NextShardIterator } = await client.send(
          new GetRecordsCommand({ ShardIterator: iterator, Limit: options.batchSize }),
          { abortSignal: stopping.signal },
        );
        const sequenced = Records.map((record) => toSequenced(record, streamArn));
        if (!(await deliver(shardId, sequenced))) return;
        if (NextShardIterator === undefined) {
          finished.add(shardId);
          return;
        }
        iterator = NextShardIterator;
        if (Records.length === 0) await rest(idleMs);
      } catch (error) {
        iterator = undefined;
        if (error instanceof ExpiredIteratorException) continue;
        report(error);
        await rest(errorPauseMs);
      }
    }
  }

  async function startingIterator(shardId: string): Promise<string | undefined> {
    const shard = { StreamArn: streamArn, ShardId: shardId };
    const position = positions.read(shardId);
    if (position !== undefined) {
      try {
        const after = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: position };
        return (await client.send(new GetShardIteratorCommand({ ...shard, ...after }))).ShardIterator;
      } catch (error) {
        // The stack stood still for longer than the stream keeps its records: on with the oldest that is left.
        if (!(error instanceof TrimmedDataAccessException)) throw error;
      }
    }
    const oldest = { ...shard, ShardIteratorType: 'TRIM_HORIZON' as const };
    return (await client.send(new GetShardIteratorCommand(oldest))).ShardIterator;
  }

  async function deliver(shardId: string, sequenced: ReturnType<typeof toSequenced>[]): Promise<boolean> {
    function keep(sequenceNumber: string): void {
      if (!closed) positions.keep(shardId, sequenceNumber);
    }
    const wanted = sequenced.filter(({ record }) => passes(record));
    const { functionName, invoke, maximumRetryAttempts, onFailure } = options;
    const delivery = { functionName, invoke, maximumRetryAttempts, onFailure, onProgress: keep, rest };
    const done = await deliverRecords(wanted, delivery);
    const last = sequenced.at(-1);
    if (done && last) keep(last.sequenceNumber);
    return done;
  }

  /** False when it is time to stop. */
  async function rest(ms: number): Promise<boolean> {
    // Stopping ends the pause, which the answer tells.
    await pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
    return !stopping.signal.aborted;
  }

  function report(error: unknown): void {
    if (!stopping.signal.aborted) onError(error);
  }

  return {
    async stop() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      await settleBeforeStop([watching, ...followed.values()]);
      closed = true;
      positions.close();
      client.destroy();
    },
  };
}
