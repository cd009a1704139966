import {
  assumeTenantRole,
  awsEnvSchema,
  createClients,
  createPlacements,
  createShardRegistry,
  readAwsEnv,
} from '@top-active/aws';
import { createHttpHandler } from '../http/handler.ts';
import { createHostAccessApp } from './host-access.app.ts';

const envSchema = awsEnvSchema.pick({
  LEASES_TABLE: true,
  PLACEMENTS_TABLE: true,
  TENANT_ROLE_ARN: true,
  SHARDS: true,
});

export const handler = createHttpHandler('host-access', () => {
  const { LEASES_TABLE, PLACEMENTS_TABLE, TENANT_ROLE_ARN, SHARDS: shards } = readAwsEnv(process.env, envSchema);
  const clients = createClients();
  return createHostAccessApp({
    shards,
    registry: createShardRegistry(clients, { table: LEASES_TABLE, shards }),
    placements: createPlacements(clients, { table: PLACEMENTS_TABLE, shards }),
    credentials: assumeTenantRole({ sts: clients.sts, roleArn: TENANT_ROLE_ARN }),
  });
});
