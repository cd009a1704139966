import { isFresh, isHeld } from '@top-active/core/domain';
import type { AwsClients } from '../calls/clients.ts';
import { readHeartbeats, readLeases } from './lease-items.ts';

/**
 * Shards that nobody serves: never taken, given up, or held by a host that has been silent for `takeOverAfterMs`. For
 * whoever watches; who wants one asks the registry.
 */
export async function findUnownedShards(
  clients: AwsClients,
  { table, shards, now = Date.now }: { table: string; shards: number; now?: (() => number) | undefined },
): Promise<number[]> {
  const source = { client: clients.dynamodb, table };
  const all = Array.from({ length: shards }, (_, shard) => shard);
  const leases = new Map((await readLeases(source, all)).map((lease) => [lease.shard, lease]));
  const holders = await readHeartbeats(
    source,
    [...leases.values()].map(({ hostId }) => hostId),
  );
  const heartbeats = new Map(holders.map((heartbeat) => [heartbeat.hostId, heartbeat]));
  return all.filter((shard) => {
    const lease = leases.get(shard);
    const holder = lease && heartbeats.get(lease.hostId);
    return !holder || !isHeld(lease, holder) || !isFresh(holder, now());
  });
}
