import { accountRoutes } from './account-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { chatsRoutes } from './chats-routes.ts';
import { credentialsRoutes } from './credentials-routes.ts';
import { googleRoutes } from './google-routes.ts';
import { whatsAppRoutes } from './whatsapp-routes.ts';

/**
 * Every route of the HTTP API, one group for each function. From it come API Gateway's routes, what the functions
 * validate, the OpenAPI document, the web app's client and its fake, and the laptop's client.
 */
export const apiRoutes = {
  ...authRoutes,
  ...accountRoutes,
  ...credentialsRoutes,
  ...googleRoutes,
  ...whatsAppRoutes,
  ...chatsRoutes,
};
export type ApiRoutes = typeof apiRoutes;
export type ApiLine = keyof ApiRoutes;

export { accountRoutes, authRoutes, chatsRoutes, credentialsRoutes, googleRoutes, whatsAppRoutes };
export { hostAccessRoutes } from './host-access-routes.ts';
export * from './questions.ts';
export * from './route.ts';
