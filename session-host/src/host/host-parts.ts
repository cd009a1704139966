import {
  createClients,
  createHostAccess,
  createRealtime,
  createTenants,
  createWakeQueue,
  logger,
  type Log,
} from '@top-active/aws';
import type { EgressProxy } from '../browser/egress/egress-proxy.ts';
import type { BrowserHomes } from '../browser/homes/browser-home.ts';
import { createOwnUserHomes } from '../browser/homes/own-user-homes.ts';
import { createSharedUserHomes } from '../browser/homes/shared-user-homes.ts';
import type { SessionHostConfig } from '../config.ts';
import type { HealthServer } from '../health/health-server.ts';
import type { MetricsReport } from '../health/report-metrics.ts';
import type { LeaseKeeper } from '../placement/lease-keeper.ts';
import type { Place } from '../placement/place.ts';
import type { ShardService } from '../session/serve-shards.ts';
import type { UserRuntimes } from '../session/user-runtimes.ts';

/** What a host has from the beginning, before it is started. */
export type HostBase = ReturnType<typeof createHostBase>;

export function createHostBase(config: SessionHostConfig) {
  const log: Log = logger;
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
  return {
    config,
    log,
    clients,
    hostAccess,
    tenants,
    homes: createHomes(config),
    /** Ends what goes on as long as the host does. */
    stopping: new AbortController(),
    /** Cuts short whatever is waited for. */
    hurrying: new AbortController(),
  };
}

/** What comes into being while a host starts: each is there from its step on, and is ended if it is there. */
export interface HostParts {
  unguard?: () => void;
  place?: Place;
  egress?: EgressProxy;
  keeper?: LeaseKeeper;
  runtimes?: UserRuntimes;
  service?: ShardService;
  health?: HealthServer;
  report?: MetricsReport;
  tending?: Promise<void>;
  /** The shards that were taken last are being taken up. */
  takingUp?: Promise<void> | undefined;
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
