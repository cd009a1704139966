import { createClients, readAwsEnv } from '@top-active/aws';
import { accessTokenEnvSchema, createAccessTokenVerifier } from '../http/access-token.ts';
import { createHttpHandler } from '../http/handler.ts';
import { openWakingTenants, wakingTenantEnvSchema } from '../tenants.ts';
import { createChatsApp } from './chats.app.ts';

const envSchema = wakingTenantEnvSchema.extend(accessTokenEnvSchema.shape);

export const handler = createHttpHandler('chats', () => {
  const env = readAwsEnv(process.env, envSchema);
  return createChatsApp({
    verifyAccessToken: createAccessTokenVerifier(env),
    tenants: openWakingTenants(createClients(), env),
  });
});
