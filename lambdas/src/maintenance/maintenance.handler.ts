import {
  awsEnvSchema,
  createClients,
  createPlacements,
  createWakeQueue,
  logger,
  readAwsEnv,
  withInvocation,
} from '@top-active/aws';
import { lazily } from '../cold-start.ts';
import { openTenants, wakingTenantEnvSchema } from '../tenants.ts';
import { wakeAgain, type WakeAgainDeps } from './wake-again.ts';

const envSchema = wakingTenantEnvSchema.extend(awsEnvSchema.pick({ PLACEMENTS_TABLE: true }).shape);

const coldDeps = lazily((): WakeAgainDeps => {
  const env = readAwsEnv(process.env, envSchema);
  const clients = createClients();
  return {
    placements: createPlacements(clients, { table: env.PLACEMENTS_TABLE, shards: env.SHARDS }),
    tenants: openTenants(clients, env),
    wakeQueue: createWakeQueue(clients, { urlTemplate: env.WAKE_QUEUE_URL_TEMPLATE, shards: env.SHARDS }),
    shards: env.SHARDS,
    now: Date.now,
  };
});

/** Lambda handler of the minute schedule. */
export function handler(): Promise<void> {
  return withInvocation({ function: 'maintenance' }, async () => {
    const woken = await wakeAgain(await coldDeps());
    if (woken > 0) logger.warn('Hosts were woken again', { woken });
  });
}
