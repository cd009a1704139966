import { createClients, createRealtime, readAwsEnv, withInvocation } from '@top-active/aws';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { lazily } from '../cold-start.ts';
import { createHandshakeEntrance } from '../realtime-authorizer/handshake-entrance.ts';
import { openTenants, tenantEnvSchema } from '../tenants.ts';
import { createRealtimeRoutes, type WebSocketEvent } from './realtime-routes.ts';

const coldRoutes = lazily(() => {
  const env = readAwsEnv(process.env, tenantEnvSchema);
  const clients = createClients();
  const realtime = createRealtime(clients, { endpoint: env.REALTIME_ENDPOINT });
  const mayEnter = createHandshakeEntrance('realtime', process.env);
  return createRealtimeRoutes({ tenants: openTenants(clients, env), realtime, mayEnter });
});

export function handler(event: WebSocketEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const { requestId, routeKey } = event.requestContext;
  return withInvocation({ function: 'realtime', requestId, route: routeKey }, async () => (await coldRoutes())(event));
}
