import type { UserId } from '@top-active/core/contracts';
import { shardOf } from '@top-active/core/domain';
import type { Placements } from '@top-active/aws';

/** Which users' sessions this host runs. */
export interface Placement {
  /** Shards whose queues it listens to. */
  readonly shards: readonly number[];
  /**
   * Number of the host's term of office. Every claim carries it, and one of a later term takes over the claims of earlier ones.
   */
  readonly epoch: number;
  users(): Promise<UserId[]>;
  owns(userId: UserId): boolean;
}

/**
 * The only host: it owns all shards, and its term begins when it starts. Several hosts would each own some, by a lease per shard whose holder
 * and epoch are in the placements table; that would be another implementation of Placement.
 */
export function createSingleHostPlacement({
  placements,
  shards,
  startedAt,
}: {
  placements: Placements;
  shards: number;
  startedAt: Date;
}): Placement {
  const all = Array.from({ length: shards }, (_, shard) => shard);
  return {
    shards: all,
    epoch: Math.floor(startedAt.getTime() / 1000),
    users: async () => (await Promise.all(all.map((shard) => placements.list(shard)))).flat(),
    owns: (userId) => all.includes(shardOf(userId, shards)),
  };
}
