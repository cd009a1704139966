import { logger, metrics } from '@top-active/aws';

export interface CountUnownedShardsDeps {
  unownedShards: () => Promise<number[]>;
}

/** Tells how many shards nobody serves. Without an answer it tells nothing, and the other work goes on. */
export async function countUnownedShards({ unownedShards }: CountUnownedShardsDeps): Promise<void> {
  try {
    const unowned = await unownedShards();
    metrics.emit('UnownedShards', unowned.length);
    if (unowned.length > 0) logger.warn('Shards without a host', { unowned: unowned.join(', ') });
  } catch (error) {
    logger.error('Leases could not be read', {}, error);
  }
}
