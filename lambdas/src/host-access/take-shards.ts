import { logger, type ShardRegistry } from '@top-active/aws';
import type { TakeShardsRequest, TakeShardsResponse } from '@top-active/core/contracts';
import { invalidRequest } from '../http/problem.ts';
import { refuseHost } from './refuse-host.ts';

export interface TakeShardsDeps {
  registry: ShardRegistry;
  /** How many there are. */
  shards: number;
}

/**
 * Gives the calling host those of the shards that are free, or whose holder both it and we find silent.
 * @throws {AppError} `host_refused` when the host itself has no fresh heartbeat of this instance
 */
export async function takeShards(
  { hostId, instance, shards: wanted }: TakeShardsRequest & { hostId: string },
  { registry, shards }: TakeShardsDeps,
): Promise<TakeShardsResponse> {
  checkShards(
    wanted.map(({ shard }) => shard),
    shards,
  );
  const result = await registry.take({ hostId, instance, wanted });
  if ('taken' in result) {
    logger.info('Shards were taken', { asked: wanted.length, taken: result.taken.length });
    return { taken: result.taken };
  }
  const reason =
    result.refusal === 'silent' ? 'the heartbeat of this host is too old' : 'this host has another life, or none';
  throw refuseHost({
    shards: wanted.map(({ shard }) => shard),
    field: result.refusal === 'silent' ? 'heartbeat' : 'shard',
    reason,
  });
}

function checkShards(wanted: readonly number[], shards: number): void {
  const remedy = `Send each shard once, from 0 to ${shards - 1}.`;
  const wrong = wanted.filter((shard, i) => shard >= shards || wanted.indexOf(shard) !== i);
  if (wrong.length === 0) return;
  throw invalidRequest([{ field: 'shards', message: `shards names ${wrong.join(', ')} wrongly`, remedy }]);
}
