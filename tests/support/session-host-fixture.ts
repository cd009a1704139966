import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClients, createPlacements, createTenants, createWakeQueue, type Tenant } from '@top-active/aws';
import type { LinkState, WhatsAppStatus } from '@top-active/core/contracts';
import { expect } from 'vitest';
import { createWhatsAppWorld, type PageChanges, type WhatsAppWorld } from '@top-active/world/whatsapp';
import { pageOfRun } from '@top-active/world/whatsapp/test-support/page-of-run';
import { bootCloud, localShards, type Cloud } from '@top-active/local/stack/boot-cloud';
import { createClosers, type Closers } from '@top-active/local/stack/closers';
import { awsEnvironment, awsEnvironmentOfSeveral } from '@top-active/local/stack/environment';
import { expectNoDenials } from './expect-no-denials.ts';
import { startHostAccess } from './host-access-fixture.ts';
import { startSessionHost, type SessionHostProcess } from '@top-active/local/stack/session-host-process';
import { openStateFolder } from '@top-active/local/stack/state-folder';

const chromiumPath = '/usr/lib/chromium/chromium-headless-shell';

/** Numbers of the simulated phones: whose account is linked, and two customers. */
export const owner = '5511999990000';
export const ana = '5511988887777';
export const bruno = '5521977776666';

/** One session host as a process of its own, with the embedded cloud and the simulated WhatsApp, and nothing else. */
export interface HostFixture {
  dir: string;
  world: WhatsAppWorld;
  host: SessionHostProcess;
  tenant: Tenant;
  logs: string[];
  cloud: Cloud;
  /** Another host beside `host`, with a task's id of its own. */
  startAnother(name: string): SessionHostProcess;
  /** The user as a host has it whose term began after the one that serves the user now. */
  tenantOfNextTerm(): Promise<Tenant>;
  /** Begins to link, as the API does. */
  connect(): Promise<void>;
  /** Links by scanning the code that the owner would see. */
  link(): Promise<void>;
  waitForState(state: LinkState, timeoutMs?: number): Promise<WhatsAppStatus>;
  /** Texts of a chat as stored, each with its author. */
  conversation(peer: string): Promise<string[]>;
  close(): Promise<void>;
}

export interface HostFixtureOptions {
  env?: Record<string, string>;
  /** The host tests itself with this user's account. */
  isCanary?: boolean;
  /** The page that WhatsApp serves; `PAGE_BUILD` tells the build for a whole run. */
  page?: PageChanges;
  /**
   * Puts the host elsewhere than in this process's rights. @returns a command that runs it, and more of its environment
   */
  settle?: (folders: { dir: string; scratchDir: string; checkpointDir: string }) => {
    wrapper: string[];
    env: Record<string, string>;
  };
}

export async function startHostFixture(options: HostFixtureOptions = {}): Promise<HostFixture> {
  const closers = createClosers();
  try {
    return await start(options, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

/** Fails the test run. */
function fail(error: unknown): never {
  throw error;
}

async function start(
  { env = {}, isCanary = false, page, settle }: HostFixtureOptions,
  closers: Closers,
): Promise<HostFixture> {
  const dir = await mkdtemp(join(tmpdir(), 'session-host-'));
  closers.add(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  const state = openStateFolder({ dir });
  const onDenied = expectNoDenials(closers);
  const cloud = await bootCloud({ state, closers, onEmail: () => undefined, onError: fail, onDenied });
  const world = await createWhatsAppWorld({ dir: state.part('whatsapp'), page: pageOfRun(page) });
  closers.add(() => world.close());
  world.addPhone({ number: owner, name: 'Clínica Aurora' });
  world.addPhone({ number: ana, name: 'Ana' });
  world.addPhone({ number: bruno, name: 'Bruno' });

  const tenantRoleArn = cloud.deployment.workload('assistant').environment.TENANT_ROLE_ARN ?? '';
  const product = {
    STAGE: 'local',
    SIMULATED: 'true',
    ITEMS_TABLE: cloud.tables.items,
    KEYS_TABLE: cloud.tables.keys,
    PLACEMENTS_TABLE: cloud.tables.placements,
    KMS_KEY_ID: cloud.kmsKeyId,
    TENANT_ROLE_ARN: tenantRoleArn,
    SHARDS: String(localShards),
    WAKE_QUEUE_URL_TEMPLATE: cloud.wakeQueueUrlTemplate,
    // Nobody listens: hints are a courtesy.
    REALTIME_ENDPOINT: 'http://127.0.0.1:9/live',
  };
  const userId = randomUUID();
  const logs: string[] = [];
  const onLog = (line: string) => logs.push(line);
  const endpoint = await startHostAccess({ cloud, closers, onLog });
  const folders = { scratchDir: state.part('scratch'), checkpointDir: state.part('checkpoints') };
  const settled = settle?.({ dir, ...folders });
  const startHost = (name: string, scratchDir: string) =>
    startSessionHost({
      env: {
        ...product,
        ...awsEnvironment(cloud, 'session-host', name),
        LEASES_TABLE: cloud.tables.leases,
        HOST_ACCESS_ENDPOINT: endpoint,
        PATH: process.env.PATH ?? '',
        SCRATCH_DIR: scratchDir,
        CHECKPOINT_DIR: folders.checkpointDir,
        CHROMIUM_PATH: chromiumPath,
        BROWSER_ARGS: JSON.stringify(world.chromiumArgs),
        BROWSER_EGRESS: 'any',
        HEALTH_PORT: '0',
        CHECKPOINT_INTERVAL_MS: '500',
        LOG_LEVEL: 'DEBUG',
        ...(isCanary && { CANARY_USER: userId }),
        ...settled?.env,
        ...env,
      },
      wrapper: settled?.wrapper ?? [],
      onLog,
    });
  const host = startHost('test', folders.scratchDir);
  closers.add(() => host.stop());

  Object.assign(process.env, awsEnvironmentOfSeveral(cloud, ['whatsapp', 'assistant', 'session-host']));
  const clients = createClients();
  closers.add(() => clients.close());
  const tenants = createTenants(clients, {
    env: {
      ITEMS_TABLE: product.ITEMS_TABLE,
      KEYS_TABLE: product.KEYS_TABLE,
      KMS_KEY_ID: product.KMS_KEY_ID,
      TENANT_ROLE_ARN: product.TENANT_ROLE_ARN,
      SIMULATED: true,
    },
    wakeQueue: createWakeQueue(clients, { urlTemplate: cloud.wakeQueueUrlTemplate, shards: localShards }),
  });
  closers.add(() => tenants.close());
  const placements = createPlacements(clients, { table: cloud.tables.placements, shards: localShards });
  const tenant = await tenants.for(userId);

  async function connect(): Promise<void> {
    await placements.assign(tenant.userId);
    await tenant.whatsapp.beginConnect();
  }

  async function waitForState(wanted: LinkState, timeoutMs = 40_000): Promise<WhatsAppStatus> {
    await expect
      .poll(async () => (await tenant.whatsapp.get()).state, { timeout: timeoutMs, interval: 50 })
      .toBe(wanted);
    return tenant.whatsapp.get();
  }

  return {
    dir,
    world,
    host,
    tenant,
    logs,
    cloud,
    startAnother(name) {
      const another = startHost(name, state.part(`scratch-${name}`));
      closers.add(() => another.stop());
      return another;
    },
    async tenantOfNextTerm() {
      const { epoch } = await tenant.whatsapp.get();
      return tenants.for(tenant.userId, { epoch: (epoch ?? 0) + 1 });
    },
    connect,
    waitForState,
    async link() {
      await connect();
      const { qr } = await waitForState('qr');
      if (!qr) throw new Error('No code is shown');
      world.scan(owner, qr.code);
      await waitForState('linked');
    },
    async conversation(peer) {
      const chatId = await tenant.chats.resolvePeer([`${peer}@c.us`]);
      if (chatId === undefined) return [];
      const { items } = await tenant.messages.page({ chatId, limit: 100 });
      return items.map(({ author, text }) => `${author}: ${text}`);
    },
    close: () => closers.closeAll(),
  };
}
