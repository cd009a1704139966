import {
  awsEnvSchema,
  createClients,
  createErasures,
  createPlacements,
  createPoolUsers,
  readAwsEnv,
  withInvocation,
} from '@top-active/aws';
import { lazily } from '../cold-start.ts';
import { careForPool, type CareDeps } from './care-for-pool.ts';

const envSchema = awsEnvSchema.pick({
  USER_POOL_ID: true,
  PLACEMENTS_TABLE: true,
  ERASURES_TABLE: true,
  SHARDS: true,
});

const coldDeps = lazily((): CareDeps => {
  const env = readAwsEnv(process.env, envSchema);
  const clients = createClients();
  return {
    poolUsers: createPoolUsers(clients, { userPoolId: env.USER_POOL_ID }),
    placements: createPlacements(clients, { table: env.PLACEMENTS_TABLE, shards: env.SHARDS }),
    erasures: createErasures(clients, { table: env.ERASURES_TABLE }),
    shards: env.SHARDS,
    now: Date.now,
  };
});

/** Lambda handler of the hourly schedule. */
export function handler(): Promise<void> {
  return withInvocation({ function: 'user-pool-care' }, async () => careForPool(await coldDeps()));
}
