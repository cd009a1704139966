import {
  awsEnvSchema,
  createClients,
  createPlacements,
  createWakeQueue,
  findUnownedShards,
  logger,
  readAwsEnv,
  withInvocation,
} from '@top-active/aws';
import { lazily } from '../cold-start.ts';
import { openTenants, wakingTenantEnvSchema } from '../tenants.ts';
import { countUnownedShards, type CountUnownedShardsDeps } from './count-unowned-shards.ts';
import { wakeAgain, type WakeAgainDeps } from './wake-again.ts';

const envSchema = wakingTenantEnvSchema.extend(awsEnvSchema.pick({ PLACEMENTS_TABLE: true, LEASES_TABLE: true }).shape);

const coldDeps = lazily((): WakeAgainDeps & CountUnownedShardsDeps => {
  const env = readAwsEnv(process.env, envSchema);
  const clients = createClients();
  return {
    placements: createPlacements(clients, { table: env.PLACEMENTS_TABLE, shards: env.SHARDS }),
    tenants: openTenants(clients, env),
    wakeQueue: createWakeQueue(clients, { urlTemplate: env.WAKE_QUEUE_URL_TEMPLATE, shards: env.SHARDS }),
    shards: env.SHARDS,
    unownedShards: () => findUnownedShards(clients, { table: env.LEASES_TABLE, shards: env.SHARDS }),
    now: Date.now,
  };
});

/** Lambda handler of the minute schedule. */
export function handler(): Promise<void> {
  return withInvocation({ function: 'maintenance' }, async () => {
    const deps = await coldDeps();
    // First: it is short, and tells what the rest suffers from.
    await countUnownedShards(deps);
    const woken = await wakeAgain(deps);
    if (woken > 0) logger.warn('Hosts were woken again', { woken });
  });
}
