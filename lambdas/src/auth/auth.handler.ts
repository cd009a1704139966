import {
  awsEnvSchema,
  createClients,
  createErasures,
  createIdentity,
  createKnownDevices,
  createLimiter,
  createPasswordReset,
  createPoolClient,
  createRealtime,
  createSecondFactor,
  createUserRemoval,
  readAwsEnv,
} from '@top-active/aws';
import { accessTokenEnvSchema, createAccessTokenVerifier } from '../http/access-token.ts';
import { createHttpHandler } from '../http/handler.ts';
import { appOriginSchema } from '../http/origin.ts';
import { openTenants, tenantEnvSchema } from '../tenants.ts';
import { createAuthApp } from './auth.app.ts';

const envSchema = tenantEnvSchema
  .extend(
    awsEnvSchema.pick({
      LIMITS_TABLE: true,
      ERASURES_TABLE: true,
      USER_POOL_ID: true,
      USER_POOL_PRESENCE_CLIENT_ID: true,
    }).shape,
  )
  .extend(accessTokenEnvSchema.shape)
  .extend({ APP_ORIGIN: appOriginSchema });

export const handler = createHttpHandler('auth', () => {
  const env = readAwsEnv(process.env, envSchema);
  const clients = createClients();
  const userPoolId = env.USER_POOL_ID;
  const clientOf = (clientId: string) => createPoolClient(clients, { userPoolId, clientId });
  const pool = { userPoolId, client: clientOf(env.USER_POOL_CLIENT_ID), limitsTable: env.LIMITS_TABLE };
  return createAuthApp({
    verifyAccessToken: createAccessTokenVerifier(env),
    appOrigin: env.APP_ORIGIN,
    identity: createIdentity(clients, pool),
    passwordReset: createPasswordReset(clients, pool),
    secondFactor: createSecondFactor(clients, { userPoolId, client: clientOf(env.USER_POOL_PRESENCE_CLIENT_ID) }),
    knownDevices: createKnownDevices(pool.client),
    limiter: createLimiter(clients, { table: env.LIMITS_TABLE }),
    realtime: createRealtime(clients, { endpoint: env.REALTIME_ENDPOINT }),
    erasures: createErasures(clients, { table: env.ERASURES_TABLE }),
    removeUser: createUserRemoval(clients, { userPoolId }),
    tenants: openTenants(clients, env),
  });
});
