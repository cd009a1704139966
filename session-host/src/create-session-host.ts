import { access } from 'node:fs/promises';
import type { UserId } from '@top-active/core/contracts';
import {
  createClients,
  createPlacements,
  createRealtime,
  createTenants,
  createWakeQueue,
  createWakeReceiver,
  logger,
  type Log,
} from '@top-active/aws';
import { readChromiumVersion } from './browser/chromium-version.ts';
import { createLiveProfiles, type LiveProfiles } from './browser/live-profiles.ts';
import { findBrowsers, killLeftOverBrowsers } from './browser/process-tree.ts';
import { createPacing } from './commands/pacing.ts';
import { pollWakes } from './commands/wake-poller.ts';
import type { SessionHostConfig } from './config.ts';
import { createWhatsAppWebEngine } from './engine/whatsapp-web/create-engine.ts';
import { withDeadline } from './engine/with-deadline.ts';
import { startHealthServer, type HealthServer } from './health/health-server.ts';
import { readMetrics } from './health/metrics.ts';
import { reportMetrics, type MetricsReport } from './health/report-metrics.ts';
import { createSingleHostPlacement, type Placement } from './placement/placement.ts';
import { guardRejections } from './session/session-context.ts';
import { createStartGate } from './session/start-gate.ts';
import { createUserRuntimes, type UserRuntimes } from './session/user-runtimes.ts';

export interface SessionHost {
  /** Resolves when the host listens; sessions come up in the background. */
  start(): Promise<void>;
  /** Saves and closes every session, within the configured time. Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
  /** The end is near: cuts short whatever `stop` is waiting for. */
  hurry(): void;
}

export function createSessionHost(config: SessionHostConfig): SessionHost {
  const log: Log = logger;
  const stopping = new AbortController();
  const hurrying = new AbortController();
  const clients = createClients();
  const tenants = createTenants(clients, {
    env: config.aws,
    realtime: createRealtime(clients, { endpoint: config.aws.REALTIME_ENDPOINT }),
    wakeQueue: createWakeQueue(clients, { urlTemplate: config.aws.WAKE_QUEUE_URL_TEMPLATE, shards: config.shards }),
    log,
    awaitHints: false,
  });
  let runtimes: UserRuntimes | undefined;
  let health: HealthServer | undefined;
  let report: MetricsReport | undefined;
  let sweep: NodeJS.Timeout | undefined;
  let pollers: Promise<void>[] = [];
  let unguard: (() => void) | undefined;

  function onStranger(error: unknown): void {
    log.error('A rejection was left unhandled: the host ends', {}, error);
    process.exitCode = 1;
    void stop();
  }

  async function start(): Promise<void> {
    unguard = guardRejections(onStranger);
    const { scratchDir } = config;
    const profiles = createLiveProfiles({ scratchDir, uid: config.browser.uid });
    const [chromiumVersion] = await Promise.all([
      readChromiumVersion(config.browser.chromiumPath),
      clearScratch(profiles),
    ]);
    const placement = createSingleHostPlacement({
      placements: createPlacements(clients, { table: config.aws.PLACEMENTS_TABLE, shards: config.shards }),
      shards: config.shards,
      startedAt: new Date(),
    });
    const made = createUserRuntimes({
      tenants,
      maxSessions: config.maxSessions,
      deps: {
        engine: createWhatsAppWebEngine({
          browser: { ...config.browser, chromiumVersion, setprivPath: await setprivPath() },
        }),
        profiles,
        chromiumVersion,
        log,
        gate: createStartGate({ width: config.startsAtOnce, jitterMs: config.startJitterMs }),
        pacing: createPacing(config.pacing),
        checkpointDir: config.checkpointDir,
        limits: config.limits,
        hostId: config.hostId,
        epoch: placement.epoch,
        sendPatienceMs: config.sendPatienceMs,
        signal: hurrying.signal,
      },
    });
    runtimes = made;
    health = await startHealthServer({
      ...config.health,
      isHealthy: () => !stopping.signal.aborted,
      readMetrics: () => readMetrics(made.all(), new Date()),
    });
    report = reportMetrics({
      readMetrics: () => readMetrics(made.all(), new Date()),
      capacity: config.maxSessions,
      ownedShards: () => placement.shards.length,
      everyMs: config.reportMs,
      log,
    });
    await resumeAll(placement, made);
    listen(placement, made);
    log.info('Session host started', { healthPort: health.port, shards: placement.shards.length, chromiumVersion });
  }

  async function clearScratch(profiles: LiveProfiles): Promise<void> {
    const leftOver = await killLeftOverBrowsers(config.scratchDir);
    if (leftOver > 0) log.warn('Browsers of an earlier run were killed', { count: leftOver });
    await profiles.clear();
  }

  async function resumeAll(placement: Placement, made: UserRuntimes): Promise<void> {
    const users = await placement.users();
    await Promise.all(
      users.map(async (userId) => {
        try {
          const runtime = await made.for(userId);
          await runtime.resume();
          runtime.commands.poke();
        } catch (error) {
          log.error('A session could not be taken up', { userId }, error);
        }
      }),
    );
  }

  function listen(placement: Placement, made: UserRuntimes): void {
    const onWake = (userId: UserId) => {
      if (!placement.owns(userId) || stopping.signal.aborted) return;
      made.for(userId).then(
        (runtime) => runtime.commands.poke(),
        (error: unknown) => log.error('A woken user could not be served', { userId }, error),
      );
    };
    pollers = placement.shards.map((shard) =>
      pollWakes({
        receiver: createWakeReceiver(clients, { urlTemplate: config.aws.WAKE_QUEUE_URL_TEMPLATE, shard }),
        onWake,
        log,
        signal: stopping.signal,
      }),
    );
    sweepLater(placement, made, performance.now());
  }

  function sweepLater(placement: Placement, made: UserRuntimes, startedAt: number): void {
    const isEarly = performance.now() - startedAt < config.earlyForMs;
    sweep = setTimeout(
      () => {
        void pokeAll(placement, made).finally(() => {
          if (!stopping.signal.aborted) sweepLater(placement, made, startedAt);
        });
      },
      isEarly ? config.earlySweepMs : config.sweepMs,
    );
  }

  async function pokeAll(placement: Placement, made: UserRuntimes): Promise<void> {
    try {
      for (const userId of await placement.users()) {
        if (stopping.signal.aborted) return;
        (await made.for(userId)).commands.poke();
      }
    } catch (error) {
      log.warn('Not every user could be looked after', {}, error);
    }
  }

  /** Absent where there is no util-linux; the browser then starts without it. */
  async function setprivPath(): Promise<string | undefined> {
    const path = config.browser.setprivPath;
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (!exists && config.browser.uid !== undefined) throw new Error(`BROWSER_UID needs ${path}`);
    return exists ? path : undefined;
  }

  let stopped: Promise<void> | undefined;

  function stop(): Promise<void> {
    stopped ??= stopAll();
    return stopped;
  }

  async function stopAll(): Promise<void> {
    log.info('Session host stops', { sessions: runtimes?.running ?? 0 });
    stopping.abort();
    clearTimeout(sweep);
    const drainMs = config.stopTimeoutMs / 4;
    const all = Promise.allSettled((runtimes?.all() ?? []).map((runtime) => runtime.stop({ drainMs })));
    const hurried = new Promise<void>((resolve) => hurrying.signal.addEventListener('abort', () => resolve()));
    try {
      await withDeadline(Promise.race([all, hurried]), config.stopTimeoutMs, 'Stopping the sessions');
    } catch (error) {
      log.error('Not every session could be stopped in order', {}, error);
    }
    hurrying.abort();
    await Promise.allSettled(pollers);
    if ((await findBrowsers(config.scratchDir)).length > 0) await killLeftOverBrowsers(config.scratchDir);
    await createLiveProfiles({ scratchDir: config.scratchDir, uid: undefined }).clear();
    report?.stop();
    await health?.close();
    await tenants.close();
    clients.close();
    unguard?.();
    log.info('Session host stopped');
  }

  return { start, stop, hurry: () => hurrying.abort() };
}
