import {
  createClients,
  createRealtime,
  createTenants,
  createWakeQueue,
  logger,
  readAwsEnv,
  type AwsClients,
  type Tenants,
} from '@top-active/aws';

/** The way of a function to the data of its users. Hints go out with every change. */
export function openTenants(clients: AwsClients = createClients()): Tenants {
  const env = readAwsEnv(process.env, tenantNames);
  return createTenants(clients, {
    env,
    log: logger,
    realtime: createRealtime(clients, { endpoint: env.REALTIME_ENDPOINT }),
  });
}

/** The same for functions that make commands for session hosts: they wake the host at once. */
export function openWakingTenants(clients: AwsClients = createClients()): Tenants {
  const env = readAwsEnv(process.env, [...tenantNames, 'SHARDS', 'WAKE_QUEUE_URL_TEMPLATE']);
  return createTenants(clients, {
    env,
    log: logger,
    realtime: createRealtime(clients, { endpoint: env.REALTIME_ENDPOINT }),
    wakeQueue: createWakeQueue(clients, { urlTemplate: env.WAKE_QUEUE_URL_TEMPLATE, shards: env.SHARDS }),
  });
}

const tenantNames = [
  'ITEMS_TABLE',
  'KEYS_TABLE',
  'KMS_KEY_ID',
  'TENANT_ROLE_ARN',
  'SIMULATED',
  'REALTIME_ENDPOINT',
] as const;
