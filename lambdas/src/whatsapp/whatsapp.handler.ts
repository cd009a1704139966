import { awsEnvSchema, createClients, createLimiter, createPlacements, readAwsEnv } from '@top-active/aws';
import { accessTokenEnvSchema, createAccessTokenVerifier } from '../http/access-token.ts';
import { createHttpHandler } from '../http/handler.ts';
import { openWakingTenants, wakingTenantEnvSchema } from '../tenants.ts';
import { createWhatsAppApp } from './whatsapp.app.ts';

const envSchema = wakingTenantEnvSchema
  .extend(awsEnvSchema.pick({ LIMITS_TABLE: true, PLACEMENTS_TABLE: true }).shape)
  .extend(accessTokenEnvSchema.shape);

export const handler = createHttpHandler('whatsapp', () => {
  const env = readAwsEnv(process.env, envSchema);
  const clients = createClients();
  return createWhatsAppApp({
    verifyAccessToken: createAccessTokenVerifier(env),
    tenants: openWakingTenants(clients, env),
    limiter: createLimiter(clients, { table: env.LIMITS_TABLE }),
    placements: createPlacements(clients, { table: env.PLACEMENTS_TABLE, shards: env.SHARDS }),
  });
});
