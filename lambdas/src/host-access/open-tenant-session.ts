import type { Placements, ShardRefusal, ShardRegistry, TenantCredentialSource } from '@top-active/aws';
import type { TenantSession, UserId } from '@top-active/core/contracts';
import { refuseHost, type RefusedFor } from './refuse-host.ts';

export interface OpenTenantSessionDeps {
  registry: ShardRegistry;
  placements: Placements;
  credentials: TenantCredentialSource;
}

const reasons: Record<ShardRefusal, { field: RefusedFor; reason: string }> = {
  'never-taken': { field: 'shard', reason: 'nobody holds it' },
  'held-by-another': { field: 'shard', reason: 'another host holds it' },
  replaced: { field: 'shard', reason: 'an earlier life of this host held it' },
  silent: { field: 'heartbeat', reason: 'the heartbeat of this host is too old' },
};

/**
 * Credentials of the tenant role for a user whose sessions are placed on a shard that the calling host holds.
 * @throws {AppError} `host_refused`, with shard and reason
 */
export async function openTenantSession(
  { hostId, userId }: { hostId: string; userId: UserId },
  { registry, placements, credentials }: OpenTenantSessionDeps,
): Promise<TenantSession> {
  const [{ shard, refusal }, isPlaced] = await Promise.all([
    registry.refusalFor(hostId, userId),
    placements.has(userId),
  ]);
  if (refusal) throw refuseHost({ shards: [shard], ...reasons[refusal] });
  if (!isPlaced)
    throw refuseHost({ shards: [shard], field: 'user', reason: 'no session of this user is placed on it' });
  const { expiration, ...keys } = await credentials(userId);
  return { ...keys, expiration: expiration.toISOString() };
}
