import type { UserId } from '@top-active/core/contracts';

/** Which users' sessions should run, by shard (`shardOf` in core/domain). */
export interface Placements {
  /** Idempotent. Returns the user's shard. */
  assign(userId: UserId): Promise<number>;
  release(userId: UserId): Promise<void>;
  list(shard: number): Promise<UserId[]>;
}
