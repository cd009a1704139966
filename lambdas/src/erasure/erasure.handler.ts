import {
  awsEnvSchema,
  createClients,
  createErasures,
  createPlacements,
  createRealtime,
  createUserRemoval,
  readAwsEnv,
  withInvocation,
} from '@top-active/aws';
import { lazily } from '../cold-start.ts';
import { createGoogleOAuth } from '../google/google-oauth.ts';
import { googleEnvSchema, googleSettings } from '../google/google-settings.ts';
import { openWakingTenants, wakingTenantEnvSchema } from '../tenants.ts';
import { eraseAccounts } from './erase-accounts.ts';
import type { ErasureDeps } from './erasure-deps.ts';

const envSchema = wakingTenantEnvSchema
  .extend(awsEnvSchema.pick({ PLACEMENTS_TABLE: true, ERASURES_TABLE: true, USER_POOL_ID: true }).shape)
  .extend(googleEnvSchema.shape);

/** Less than the function's own time limit, and than the minute until the next run. */
const budgetMs = 40_000;

const coldDeps = lazily((): ErasureDeps => {
  const env = readAwsEnv(process.env, envSchema);
  const clients = createClients();
  return {
    erasures: createErasures(clients, { table: env.ERASURES_TABLE }),
    tenants: openWakingTenants(clients, env),
    placements: createPlacements(clients, { table: env.PLACEMENTS_TABLE, shards: env.SHARDS }),
    realtime: createRealtime(clients, { endpoint: env.REALTIME_ENDPOINT }),
    removeUser: createUserRemoval(clients, { userPoolId: env.USER_POOL_ID }),
    oauth: createGoogleOAuth(googleSettings(clients, env)),
    now: Date.now,
  };
});

/** Lambda handler of the minute schedule. */
export function handler(): Promise<void> {
  return withInvocation({ function: 'erasure' }, async () => {
    const until = performance.now() + budgetMs;
    await eraseAccounts(await coldDeps(), { isTimeUp: () => performance.now() > until });
  });
}
