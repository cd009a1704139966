import {
  createClients,
  createHostLeases,
  createPlacements,
  createTenants,
  createWakeQueue,
  type HostLeases,
  type Placements,
  type Tenants,
} from '@top-active/aws';
import { bootCloud, type Cloud } from '@top-active/local/stack/boot-cloud';
import type { Closers } from '@top-active/local/stack/closers';
import { awsEnvironment, awsEnvironmentOfSeveral } from '@top-active/local/stack/environment';
import { startHostAccess } from '@top-active/tests/support/host-access-fixture';
import { openStateFolder, type StateFolder } from '@top-active/local/stack/state-folder';
import { createWhatsAppWorld, type WhatsAppWorld } from '@top-active/world/whatsapp';

/** More than hosts, so that they can be shared. */
const shards = 12;

/** Everything but session hosts and people. */
export interface Stage {
  state: StateFolder;
  cloud: Cloud;
  world: WhatsAppWorld;
  shards: number;
  /** Of a session host whose task has this name; the ways to what it needs may lead elsewhere. */
  environmentOf(task: string): Record<string, string>;
  tenants: Tenants;
  placements: Placements;
  /** For a look at who holds what. */
  leases: HostLeases;
}

export async function bootStage({
  dir,
  closers,
  onLog,
}: {
  dir: string;
  closers: Closers;
  onLog: (line: string) => void;
}): Promise<Stage> {
  const state = openStateFolder({ dir });
  const onError = (error: unknown) => onLog(String(error));
  const cloud = await bootCloud({ state, closers, shards, onEmail: () => undefined, onError });
  const world = await createWhatsAppWorld({ dir: state.part('whatsapp') });
  closers.add(() => world.close());
  const endpoint = await startHostAccess({ cloud, closers, shards, onLog });

  const product = {
    ITEMS_TABLE: cloud.tables.items,
    KEYS_TABLE: cloud.tables.keys,
    KMS_KEY_ID: cloud.kmsKeyId,
    TENANT_ROLE_ARN: cloud.deployment.workload('assistant').environment.TENANT_ROLE_ARN ?? '',
  };
  Object.assign(process.env, awsEnvironmentOfSeveral(cloud, ['whatsapp', 'assistant', 'session-host']));
  const clients = createClients();
  closers.add(() => clients.close());
  const tenants = createTenants(clients, {
    env: { ...product, SIMULATED: true },
    wakeQueue: createWakeQueue(clients, { urlTemplate: cloud.wakeQueueUrlTemplate, shards }),
  });
  closers.add(() => tenants.close());
  const facts = { capacity: 0, version: 'watcher' };

  return {
    state,
    cloud,
    world,
    shards,
    tenants,
    placements: createPlacements(clients, { table: cloud.tables.placements, shards }),
    leases: createHostLeases(clients, { table: cloud.tables.leases, hostId: 'watcher', facts }),
    environmentOf: (task) => ({
      ...product,
      ...awsEnvironment(cloud, 'session-host', task),
      STAGE: 'local',
      SIMULATED: 'true',
      SHARDS: String(shards),
      PLACEMENTS_TABLE: cloud.tables.placements,
      LEASES_TABLE: cloud.tables.leases,
      WAKE_QUEUE_URL_TEMPLATE: cloud.wakeQueueUrlTemplate,
      HOST_ACCESS_ENDPOINT: endpoint,
      // Nobody listens: hints are a courtesy.
      REALTIME_ENDPOINT: 'http://127.0.0.1:9/live',
      PATH: process.env.PATH ?? '',
      CHECKPOINT_DIR: state.part('checkpoints'),
      CHROMIUM_PATH: process.env.CHROMIUM_PATH ?? '/usr/lib/chromium/chromium-headless-shell',
      BROWSER_ARGS: JSON.stringify(world.chromiumArgs),
      BROWSER_EGRESS: 'any',
      HEALTH_PORT: '0',
      TYPING_MS_PER_CHARACTER: '5',
      TYPING_MIN_MS: '50',
      TYPING_MAX_MS: '200',
      LOG_LEVEL: 'INFO',
    }),
  };
}
