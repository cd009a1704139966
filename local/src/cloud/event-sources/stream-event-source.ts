import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
  type _Record,
} from '@aws-sdk/client-dynamodb-streams';
import { setTimeout as pause } from 'node:timers/promises';
import { localRegion } from '../wire/index.ts';
import { matchesAny, type FilterPattern } from './filter-criteria.ts';
import { openPositions } from './positions.ts';
import { failedItems, type EventSource, type InvokeFunction, type OnError } from './types.ts';

export interface StreamEventSourceOptions {
  /** Folder of the positions, so that a restart neither skips nor repeats more than the batch under way. */
  dir: string;
  endpoint: string;
  accessKeyId: string;
  streamArn: string;
  functionName: string;
  filters: readonly FilterPattern[];
  batchSize: number;
  /** Tries of one batch before it is halved, and of one record before it is given up. */
  maximumRetryAttempts: number;
  invoke: InvokeFunction;
  /** Takes the records that were given up: the on-failure destination. */
  onFailure: (records: readonly object[]) => Promise<void>;
  onError: OnError;
  idleMs?: number | undefined;
}

const retryPauseMs = 250;
const shardRefreshMs = 10_000;

/** Polls a table's stream and hands batches to a function: at least once, in order, as Lambda's event source mapping does. */
export function startStreamEventSource(options: StreamEventSourceOptions): EventSource {
  const { endpoint, accessKeyId, streamArn, onError, idleMs = 50 } = options;
  const client = new DynamoDBStreamsClient({
    endpoint,
    region: localRegion,
    credentials: { accessKeyId, secretAccessKey: 'local' },
  });
  const positions = openPositions(options.dir);
  const stopping = new AbortController();
  const followed = new Map<string, Promise<void>>();
  const watching = watchShards();

  async function watchShards(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: streamArn }));
        for (const { ShardId } of StreamDescription?.Shards ?? [])
          if (ShardId && !followed.has(ShardId)) followed.set(ShardId, follow(ShardId).catch(onError));
      } catch (error) {
        onError(error);
      }
      await rest(shardRefreshMs);
    }
  }

  async function follow(shardId: string): Promise<void> {
    let iterator = await startingIterator(shardId);
    while (iterator && !stopping.signal.aborted) {
      try {
        const { Records = [], NextShardIterator } = await client.send(
          new GetRecordsCommand({ ShardIterator: iterator, Limit: options.batchSize }),
        );
        if (Records.length > 0) {
          await deliver(Records);
          const last = Records.at(-1)?.dynamodb?.SequenceNumber;
          if (last && !stopping.signal.aborted) positions.keep(shardId, last);
        } else {
          await rest(idleMs);
        }
        iterator = NextShardIterator;
      } catch (error) {
        if (!(error instanceof ExpiredIteratorException)) {
          onError(error);
          await rest(1_000);
        }
        iterator = await startingIterator(shardId);
      }
    }
  }

  async function startingIterator(shardId: string): Promise<string | undefined> {
    const position = positions.read(shardId);
    const at = position
      ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: position }
      : { ShardIteratorType: 'TRIM_HORIZON' as const };
    try {
      return (await client.send(new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shardId, ...at })))
        .ShardIterator;
    } catch (error) {
      if (!(error instanceof TrimmedDataAccessException)) throw error;
      // The stack stood still for longer than the stream keeps its records.
      const oldest = { StreamArn: streamArn, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' as const };
      return (await client.send(new GetShardIteratorCommand(oldest))).ShardIterator;
    }
  }

  /** Delivers records, halving a batch that keeps failing until the broken record is alone. */
  async function deliver(records: readonly _Record[]): Promise<void> {
    const wanted = records
      .map((record) => toEventRecord(record, streamArn))
      .filter((record) => matchesAny(record, options.filters));
    await deliverWanted(wanted);
  }

  async function deliverWanted(records: readonly object[]): Promise<void> {
    if (records.length === 0) return;
    for (let attempt = 0; attempt <= options.maximumRetryAttempts; attempt += 1) {
      if (stopping.signal.aborted) return;
      try {
        const [first] = failedItems(await options.invoke(options.functionName, { Records: records }));
        if (first === undefined) return;
        // Lambda goes on from the first failed record of the batch.
        const from = records.findIndex((record) => sequenceNumberOf(record) === first);
        if (from > 0) return await deliverWanted(records.slice(from));
      } catch {
        // The runtime has logged why.
      }
      if (records.length > 1) {
        const middle = Math.ceil(records.length / 2);
        await deliverWanted(records.slice(0, middle));
        return deliverWanted(records.slice(middle));
      }
      await rest(retryPauseMs);
    }
    await options.onFailure(records);
  }

  async function rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  return {
    async stop() {
      stopping.abort();
      await watching;
      await Promise.all(followed.values());
      positions.close();
      client.destroy();
    },
  };
}

function toEventRecord(record: _Record, streamArn: string): object {
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: localRegion,
    dynamodb: record.dynamodb,
    eventSourceARN: streamArn,
  };
}

function sequenceNumberOf(record: object): string | undefined {
  return (record as { dynamodb?: { SequenceNumber?: string } }).dynamodb?.SequenceNumber;
}
