import { createClients, readAwsEnv } from '@top-active/aws';
import { createHttpHandler } from '../http/handler.ts';
import { openWakingTenants, wakingTenantEnvSchema } from '../tenants.ts';
import { createChatsApp } from './chats.app.ts';

export const handler = createHttpHandler('chats', () => {
  const env = readAwsEnv(process.env, wakingTenantEnvSchema);
  return createChatsApp({ tenants: openWakingTenants(createClients(), env) });
});
