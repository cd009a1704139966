import {
  awsEnvSchema,
  createRealtime,
  createTenants,
  createWakeQueue,
  logger,
  type AwsClients,
  type Tenants,
} from '@top-active/aws';
import type { z } from 'zod';

/** What a function needs to work on the data of its users. */
export const tenantEnvSchema = awsEnvSchema.pick({
  ITEMS_TABLE: true,
  KEYS_TABLE: true,
  KMS_KEY_ID: true,
  TENANT_ROLE_ARN: true,
  SIMULATED: true,
  REALTIME_ENDPOINT: true,
});

/** The same for functions that make commands for session hosts. */
export const wakingTenantEnvSchema = tenantEnvSchema.extend(
  awsEnvSchema.pick({ SHARDS: true, WAKE_QUEUE_URL_TEMPLATE: true }).shape,
);

/** Tenants whose changes reach the user's open pages at once. */
export function openTenants(clients: AwsClients, env: z.infer<typeof tenantEnvSchema>): Tenants {
  return createTenants(clients, {
    env,
    log: logger,
    realtime: createRealtime(clients, { endpoint: env.REALTIME_ENDPOINT }),
  });
}

/** Tenants whose commands also wake the user's session host at once. */
export function openWakingTenants(clients: AwsClients, env: z.infer<typeof wakingTenantEnvSchema>): Tenants {
  return createTenants(clients, {
    env,
    log: logger,
    realtime: createRealtime(clients, { endpoint: env.REALTIME_ENDPOINT }),
    wakeQueue: createWakeQueue(clients, { urlTemplate: env.WAKE_QUEUE_URL_TEMPLATE, shards: env.SHARDS }),
  });
}
