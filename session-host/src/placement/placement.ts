import type { Placements } from '@top-active/aws';
import type { UserId } from '@top-active/core/contracts';
import { shardOf } from '@top-active/core/domain';
import type { LeaseKeeper } from './lease-keeper.ts';

/** Which users' sessions this host runs: those of the shards that it holds, while it holds them. */
export interface Placement {
  shardOf(userId: UserId): number;
  /** Whether new work for the user may begin here: not while the shard is handed over. */
  owns(userId: UserId): boolean;
  /**
   * Number of the host's term of office over the user's shard. Every claim carries it, and one of a later term takes
   * over the claims of earlier ones.
   * @throws when the host doesn't hold the shard
   */
  epochOf(userId: UserId): number;
  users(ofShards?: readonly number[]): Promise<UserId[]>;
}

export function createPlacement(options: { keeper: LeaseKeeper; placements: Placements; shards: number }): Placement {
  const { keeper, placements, shards } = options;
  const epochOf = (userId: UserId) => keeper.epochOf(shardOf(userId, shards));

  return {
    shardOf: (userId) => shardOf(userId, shards),
    owns: (userId) => keeper.keeps(shardOf(userId, shards)),
    epochOf(userId) {
      const epoch = epochOf(userId);
      if (epoch === undefined) throw new Error(`Shard ${shardOf(userId, shards)} is not held by this host`);
      return epoch;
    },
    users: async (ofShards = keeper.held.filter((shard) => keeper.keeps(shard))) =>
      (await Promise.all(ofShards.map((shard) => placements.list(shard)))).flat(),
  };
}
