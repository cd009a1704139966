import { randomUUID } from 'node:crypto';
import { createHostLeases, createPlacements, readHostId } from '@top-active/aws';
import { readChromiumVersion } from '../browser/chromium-version.ts';
import { startEgressProxy } from '../browser/egress/egress-proxy.ts';
import { createMemoryWatch } from '../capacity/memory-watch.ts';
import { tendSessions } from '../capacity/tend-sessions.ts';
import { startHealthServer } from '../health/health-server.ts';
import { readMetrics } from '../health/metrics.ts';
import { reportMetrics } from '../health/report-metrics.ts';
import { createLeaseKeeper, type LeaseKeeper } from '../placement/lease-keeper.ts';
import { takePlace, type Place } from '../placement/place.ts';
import { createPlacement } from '../placement/placement.ts';
import { systemClock } from '../placement/system-clock.ts';
import { guardRejections } from '../session/session-context.ts';
import { createShardService } from '../session/serve-shards.ts';
import type { UserRuntimes } from '../session/user-runtimes.ts';
import { createRuntimes } from './create-runtimes.ts';
import type { HostBase, HostParts } from './host-parts.ts';

interface Listeners {
  /** A heartbeat was acknowledged that was sent at `sentAt`, by `performance.now()`. */
  onRenewed: (sentAt: number) => void;
  onRejection: (error: unknown) => void;
  onLeasesOver: (reason: string) => void;
}

/** Begins one part of a host after the other, and keeps each in `parts`. Sessions come up in the background. */
export async function startHost(base: HostBase, parts: HostParts, listeners: Listeners): Promise<void> {
  const { config, clients, homes, log, stopping } = base;
  parts.unguard = guardRejections(listeners.onRejection);
  const instance = randomUUID();
  const place = await takePlace(config.scratchDir);
  parts.place = place;
  const preparing = prepareHomes(base);
  const [chromiumVersion, hostId] = await Promise.all([
    readChromiumVersion(config.browser.chromiumPath),
    // Also where there is no cloud, a host that can't keep browsers apart says so.
    readHostId(clients).catch((error: unknown) => preparing.then(() => Promise.reject(error))),
    preparing.then(() => place.record(instance)),
    openEgress(base, parts),
  ]);
  const keeper = createKeeper(base, parts, { ...listeners, place, hostId, instance });
  parts.keeper = keeper;
  const placement = createPlacement({
    keeper,
    placements: createPlacements(clients, { table: config.aws.PLACEMENTS_TABLE, shards: config.shards }),
    shards: config.shards,
  });
  const memory = createMemoryWatch({
    limitBytes: config.capacity.hostMemoryBytes,
    maxSessions: config.maxSessions,
  });
  const runtimes = createRuntimes(base, { placement, memory, egress: parts.egress, chromiumVersion, hostId });
  parts.runtimes = runtimes;
  const service = createShardService({ clients, placement, runtimes, config, log, signal: stopping.signal });
  parts.service = service;
  const { port } = await showHealth(base, parts, { runtimes, keeper });
  parts.tending = tendSessions({
    runtimes: () => runtimes.all(),
    homes,
    memory,
    limits: config.capacity,
    log,
    signal: stopping.signal,
  });
  await keeper.start();
  await parts.takingUp;
  service.startSweeping();
  log.info('Session host started', { hostId, healthPort: port, shards: keeper.held.length, chromiumVersion });
}

async function prepareHomes({ homes, log }: HostBase): Promise<void> {
  const leftOver = await homes.prepare();
  if (leftOver > 0) log.warn('Browsers of an earlier run were killed', { count: leftOver });
}

async function openEgress({ config, log }: HostBase, parts: HostParts): Promise<void> {
  if (!config.egressHosts) return;
  parts.egress = await startEgressProxy({
    hosts: config.egressHosts,
    onRefused: (host) => log.warn('A page asked for a host that is not allowed', { host }),
  });
}

function createKeeper(
  { config, clients, hostAccess, log }: HostBase,
  parts: HostParts,
  { place, hostId, instance, onRenewed, onLeasesOver }: Listeners & { place: Place; hostId: string; instance: string },
): LeaseKeeper {
  return createLeaseKeeper({
    hostId,
    instance,
    formerInstance: place.formerInstance,
    shards: config.shards,
    leases: createHostLeases(clients, {
      table: config.aws.LEASES_TABLE,
      hostId,
      facts: { capacity: config.maxSessions, version: config.version },
    }),
    takeShards: (request) => hostAccess.takeShards(request),
    clock: systemClock,
    onRenewed,
    onTaken(shards) {
      parts.takingUp = parts.service?.takeUp(shards);
    },
    onLeaving: (shard) => parts.service?.handOver(shard) ?? Promise.resolve(),
    onOver: onLeasesOver,
    log,
  });
}

async function showHealth(
  { config, hostAccess, homes, log, stopping }: HostBase,
  parts: HostParts,
  { runtimes, keeper }: { runtimes: UserRuntimes; keeper: LeaseKeeper },
): Promise<{ port: number }> {
  const metrics = () =>
    readMetrics(runtimes.all(), {
      homes,
      now: new Date(),
      placement: {
        shards: keeper.held.length,
        heartbeatAge: (keeper.age ?? 0) / 1000,
        hostAccessCalls: hostAccess.calls,
      },
    });
  parts.health = await startHealthServer({
    ...config.health,
    isHealthy: () => !stopping.signal.aborted,
    readMetrics: metrics,
  });
  parts.report = reportMetrics({
    readMetrics: metrics,
    capacity: config.maxSessions,
    ownedShards: () => keeper.held.length,
    everyMs: config.reportMs,
    log,
  });
  return parts.health;
}
