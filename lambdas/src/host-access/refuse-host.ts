import { AppError } from '@top-active/core/errors';

/** What stands in the way. A host tries again only where it is its own `heartbeat`: the next one follows. */
export type RefusedFor = 'heartbeat' | 'shard' | 'user';

const remedies: Record<RefusedFor, string> = {
  heartbeat: 'Renew the heartbeat and ask again.',
  shard: 'Take the shard when it is free, and ask again.',
  user: 'Serve only users whose sessions are placed.',
};

/** 403 that names the shards and why they are closed to the caller. */
export function refuseHost(options: { shards: readonly number[]; field: RefusedFor; reason: string }): AppError {
  const { shards, field, reason } = options;
  const message = `Shard ${shards.join(', ')}: ${reason}`;
  const remedy = remedies[field];
  return new AppError('host_refused', { detail: `${message}.`, remedy, errors: [{ field, message, remedy }] });
}
