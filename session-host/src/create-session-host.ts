import { randomUUID } from 'node:crypto';
import {
  createClients,
  createHostAccess,
  createHostLeases,
  createKnownBuilds,
  createPlacements,
  createRealtime,
  createTenants,
  createWakeQueue,
  logger,
  readHostId,
  type Log,
} from '@top-active/aws';
import { readChromiumVersion } from './browser/chromium-version.ts';
import { egressArgs } from './browser/egress/egress-args.ts';
import { startEgressProxy, type EgressProxy } from './browser/egress/egress-proxy.ts';
import type { BrowserHomes } from './browser/homes/browser-home.ts';
import { createOwnUserHomes } from './browser/homes/own-user-homes.ts';
import { createSharedUserHomes } from './browser/homes/shared-user-homes.ts';
import { createMemoryWatch } from './capacity/memory-watch.ts';
import { tendSessions } from './capacity/tend-sessions.ts';
import { createPacing } from './commands/pacing.ts';
import type { SessionHostConfig } from './config.ts';
import { createWhatsAppWebEngine } from './engine/whatsapp-web/create-engine.ts';
import { withDeadline } from './engine/with-deadline.ts';
import { startHealthServer, type HealthServer } from './health/health-server.ts';
import { readMetrics } from './health/metrics.ts';
import { createPageBuilds } from './health/page-builds.ts';
import { reportMetrics, type MetricsReport } from './health/report-metrics.ts';
import { createLeaseKeeper, type LeaseKeeper } from './placement/lease-keeper.ts';
import { takePlace, type Place } from './placement/place.ts';
import { createPlacement } from './placement/placement.ts';
import { systemClock } from './placement/system-clock.ts';
import { guardRejections } from './session/session-context.ts';
import { createShardService, type ShardService } from './session/serve-shards.ts';
import { createBuildTroubles } from './session/build-troubles.ts';
import { createSelfTestPlan } from './session/self-test-plan.ts';
import { createStartGate } from './session/start-gate.ts';
import { createUserRuntimes, type UserRuntimes } from './session/user-runtimes.ts';

export interface SessionHost {
  /** Resolves when the host listens; sessions come up in the background. */
  start(): Promise<void>;
  /** Hands over every shard, its sessions saved and closed, within the configured time. Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
  /** The end is near: cuts short whatever `stop` is waiting for. */
  hurry(): void;
  /** Resolves when the host can't go on, and has begun to stop of its own accord. */
  readonly gaveUp: Promise<void>;
}

/** @param onRenewed is told when a heartbeat was acknowledged that was sent at `sentAt`, by `performance.now()` */
export function createSessionHost(
  config: SessionHostConfig,
  { onRenewed }: { onRenewed: (sentAt: number) => void },
): SessionHost {
  const log: Log = logger;
  const stopping = new AbortController();
  const hurrying = new AbortController();
  const gaveUp = Promise.withResolvers<void>();
  const clients = createClients();
  const hostAccess = createHostAccess(clients, { endpoint: config.aws.HOST_ACCESS_ENDPOINT });
  const tenants = createTenants(clients, {
    env: config.aws,
    credentials: hostAccess.credentials,
    realtime: createRealtime(clients, { endpoint: config.aws.REALTIME_ENDPOINT }),
    wakeQueue: createWakeQueue(clients, { urlTemplate: config.aws.WAKE_QUEUE_URL_TEMPLATE, shards: config.shards }),
    log,
    awaitHints: false,
  });
  const homes = createHomes(config);
  let runtimes: UserRuntimes | undefined;
  let health: HealthServer | undefined;
  let report: MetricsReport | undefined;
  let service: ShardService | undefined;
  let place: Place | undefined;
  let keeper: LeaseKeeper | undefined;
  let egress: EgressProxy | undefined;
  let tending: Promise<void> | undefined;
  let unguard: (() => void) | undefined;

  function onOutsideSession(error: unknown): void {
    log.error('A rejection was left unhandled: the host ends', {}, error);
    process.exitCode = 1;
    gaveUp.resolve();
    void stop();
  }

  async function start(): Promise<void> {
    unguard = guardRejections(onOutsideSession);
    const instance = randomUUID();
    place = await takePlace(config.scratchDir);
    const preparing = prepareHomes();
    const [chromiumVersion, hostId] = await Promise.all([
      readChromiumVersion(config.browser.chromiumPath),
      // Also where there is no cloud, a host that can't keep browsers apart says so.
      readHostId(clients).catch((error: unknown) => preparing.then(() => Promise.reject(error))),
      preparing.then(() => place?.record(instance)),
      openEgress(),
    ]);
    keeper = createLeaseKeeper({
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
        takingUp = service?.takeUp(shards);
      },
      onLeaving: (shard) => service?.handOver(shard) ?? Promise.resolve(),
      onOver: (reason) => giveUp(`ALARM: the leases of this host are over: ${reason}`),
      log,
    });
    const placement = createPlacement({
      keeper,
      placements: createPlacements(clients, { table: config.aws.PLACEMENTS_TABLE, shards: config.shards }),
      shards: config.shards,
    });
    let takingUp: Promise<void> | undefined;
    const memory = createMemoryWatch({
      limitBytes: config.capacity.hostMemoryBytes,
      maxSessions: config.maxSessions,
    });
    const made = createUserRuntimes({
      tenants,
      serves: (userId) => placement.owns(userId),
      admits: (running, session) => memory.admit(running, session) === 'yes',
      deps: {
        engine: createWhatsAppWebEngine({
          browser: {
            ...config.browser,
            chromiumVersion,
            extraArgs: [...config.browser.extraArgs, ...(egress ? egressArgs(egress) : [])],
          },
        }),
        homes,
        chromiumVersion,
        log,
        pageBuilds: createPageBuilds({
          known: createKnownBuilds(clients, { table: config.aws.PLACEMENTS_TABLE }),
          log,
        }),
        troubles: createBuildTroubles(log),
        selfTests: createSelfTestPlan(config.canaryUser),
        gate: createStartGate({ width: config.startsAtOnce, jitterMs: config.startJitterMs }),
        pacing: createPacing(config.pacing),
        checkpointDir: config.checkpointDir,
        limits: config.limits,
        hostId,
        epochOf: (userId) => placement.epochOf(userId),
        sendPatienceMs: config.sendPatienceMs,
        signal: hurrying.signal,
      },
    });
    runtimes = made;
    service = createShardService({ clients, placement, runtimes: made, config, log, signal: stopping.signal });
    const metrics = () =>
      readMetrics(made.all(), {
        homes,
        now: new Date(),
        placement: {
          shards: keeper?.held.length ?? 0,
          heartbeatAge: (keeper?.age ?? 0) / 1000,
          hostAccessCalls: hostAccess.calls,
        },
      });
    health = await startHealthServer({
      ...config.health,
      isHealthy: () => !stopping.signal.aborted,
      readMetrics: metrics,
    });
    report = reportMetrics({
      readMetrics: metrics,
      capacity: config.maxSessions,
      ownedShards: () => keeper?.held.length ?? 0,
      everyMs: config.reportMs,
      log,
    });
    tending = tendSessions({
      runtimes: () => made.all(),
      homes,
      memory,
      limits: config.capacity,
      log,
      signal: stopping.signal,
    });
    await keeper.start();
    await takingUp;
    service.startSweeping();
    log.info('Session host started', { hostId, healthPort: health.port, shards: keeper.held.length, chromiumVersion });
  }

  /** Nothing may run here any more, and nothing may wait: others will take over soon. */
  function giveUp(reason: string): void {
    log.error(reason);
    process.exitCode = 1;
    gaveUp.resolve();
    void stop();
    hurrying.abort();
  }

  async function prepareHomes(): Promise<void> {
    const leftOver = await homes.prepare();
    if (leftOver > 0) log.warn('Browsers of an earlier run were killed', { count: leftOver });
  }

  async function openEgress(): Promise<void> {
    if (!config.egressHosts) return;
    egress = await startEgressProxy({
      hosts: config.egressHosts,
      onRefused: (host) => log.warn('A page was refused a host that it may not reach', { host }),
    });
  }

  let stopped: Promise<void> | undefined;

  function stop(): Promise<void> {
    stopped ??= stopAll();
    return stopped;
  }

  async function stopAll(): Promise<void> {
    log.info('Session host stops', { sessions: runtimes?.running ?? 0 });
    const hurried = new Promise<void>((resolve) => hurrying.signal.addEventListener('abort', () => resolve()));
    try {
      // Shard by shard: those that are not handed over yet go on.
      await withDeadline(Promise.race([keeper?.drain(), hurried]), config.stopTimeoutMs, 'Handing over the shards');
    } catch (error) {
      log.error('Not every session could be stopped in order', {}, error);
    }
    stopping.abort();
    hurrying.abort();
    await service?.settled();
    await tending;
    // Without the place, what is there is another host's.
    if (place) await homes.close();
    await egress?.close();
    report?.stop();
    await health?.close();
    await tenants.close();
    // Last, when nothing runs for anybody any more.
    await keeper?.end().catch((error: unknown) => log.warn('The leases were not given up', {}, error));
    await place?.leave();
    clients.close();
    unguard?.();
    log.info('Session host stopped');
  }

  return { start, stop, hurry: () => hurrying.abort(), gaveUp: gaveUp.promise };
}

function createHomes({
  scratchDir,
  checkpointDir,
  browserUsersDir,
  setprivPath,
  maxSessions,
}: SessionHostConfig): BrowserHomes {
  if (browserUsersDir === undefined) return createSharedUserHomes({ scratchDir, setprivPath });
  return createOwnUserHomes({ scratchDir, usersDir: browserUsersDir, minimum: maxSessions, hidden: [checkpointDir] });
}
