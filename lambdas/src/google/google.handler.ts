import { createClients, readAwsEnv } from '@top-active/aws';
import { accessTokenEnvSchema, createAccessTokenVerifier } from '../http/access-token.ts';
import { createHttpHandler } from '../http/handler.ts';
import { appOriginSchema } from '../http/origin.ts';
import { openTenants, tenantEnvSchema } from '../tenants.ts';
import { createGoogleOAuth } from './google-oauth.ts';
import { googleEnvSchema, googleSettings } from './google-settings.ts';
import { createGoogleApp } from './google.app.ts';

const envSchema = tenantEnvSchema
  .extend({ APP_ORIGIN: appOriginSchema })
  .extend(googleEnvSchema.shape)
  .extend(accessTokenEnvSchema.shape);

export const handler = createHttpHandler('google', () => {
  const env = readAwsEnv(process.env, envSchema);
  const clients = createClients();
  const redirectUri = `${env.APP_ORIGIN}/api/google/callback`;
  return createGoogleApp({
    verifyAccessToken: createAccessTokenVerifier(env),
    appOrigin: env.APP_ORIGIN,
    redirectUri,
    simulated: env.SIMULATED,
    oauth: createGoogleOAuth(googleSettings(clients, env), redirectUri),
    tenants: openTenants(clients, env),
  });
});
