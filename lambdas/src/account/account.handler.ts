import { createClients, readAwsEnv } from '@top-active/aws';
import packageJson from '../../package.json' with { type: 'json' };
import { accessTokenEnvSchema, createAccessTokenVerifier } from '../http/access-token.ts';
import { createHttpHandler } from '../http/handler.ts';
import { appOriginSchema } from '../http/origin.ts';
import { openTenants, tenantEnvSchema } from '../tenants.ts';
import { createAccountApp } from './account.app.ts';

const envSchema = tenantEnvSchema.extend(accessTokenEnvSchema.shape).extend({ APP_ORIGIN: appOriginSchema });

export const handler = createHttpHandler('account', () => {
  const env = readAwsEnv(process.env, envSchema);
  return createAccountApp({
    verifyAccessToken: createAccessTokenVerifier(env),
    tenants: openTenants(createClients(), env),
    appOrigin: env.APP_ORIGIN,
    version: packageJson.version,
    simulated: env.SIMULATED,
  });
});
