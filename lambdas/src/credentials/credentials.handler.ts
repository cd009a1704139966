import { awsEnvSchema, createClients, createLimiter, readAwsEnv } from '@top-active/aws';
import { accessTokenEnvSchema, createAccessTokenVerifier } from '../http/access-token.ts';
import { createHttpHandler } from '../http/handler.ts';
import { openAiEnvSchema } from '../openai/openai-env.ts';
import { openTenants, tenantEnvSchema } from '../tenants.ts';
import { createCredentialsApp } from './credentials.app.ts';

const envSchema = tenantEnvSchema
  .extend(awsEnvSchema.pick({ LIMITS_TABLE: true }).shape)
  .extend(openAiEnvSchema.shape)
  .extend(accessTokenEnvSchema.shape);

export const handler = createHttpHandler('credentials', () => {
  const env = readAwsEnv(process.env, envSchema);
  const clients = createClients();
  return createCredentialsApp({
    verifyAccessToken: createAccessTokenVerifier(env),
    openAi: { baseUrl: env.OPENAI_BASE_URL, model: env.OPENAI_MODEL },
    simulated: env.SIMULATED,
    limiter: createLimiter(clients, { table: env.LIMITS_TABLE }),
    tenants: openTenants(clients, env),
  });
});
