import { createHash } from 'node:crypto';

/**
 * Shard of a user, 0 to `shards` - 1. Uniform over UUIDs and stable for ever: `shards` is fixed at the first
 * deployment, since another number would move nearly every user.
 */
export function shardOf(userId: string, shards: number): number {
  return createHash('sha256').update(userId).digest().readUInt32BE(0) % shards;
}
