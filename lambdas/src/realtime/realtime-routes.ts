import { logger, type Realtime, type Tenants } from '@top-active/aws';
import { clientFrameSchema, realtimeProtocol, userIdSchema } from '@top-active/core/contracts';
import type { APIGatewayProxyStructuredResultV2, APIGatewayProxyWebsocketEventV2WithRequestContext } from 'aws-lambda';
import type { APIGatewayEventWebsocketRequestContextV2 } from 'aws-lambda';
import { z } from 'zod';

export type WebSocketEvent = APIGatewayProxyWebsocketEventV2WithRequestContext<
  APIGatewayEventWebsocketRequestContextV2 & { authorizer?: unknown }
>;

export interface RealtimeDeps {
  tenants: Tenants;
  realtime: Realtime;
}

/** What the authorizer said of the connection; API Gateway repeats it with every event. */
const authorizerSchema = z.object({ userId: userIdSchema, sessionId: z.string().min(1) });

const ok: APIGatewayProxyStructuredResultV2 = { statusCode: 200 };

/** Opens, answers and closes WebSockets. They carry hints only, so there is nothing to read from them but pings. */
export function createRealtimeRoutes({ tenants, realtime }: RealtimeDeps) {
  return async (event: WebSocketEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const { connectionId, routeKey, authorizer } = event.requestContext;
    const { userId, sessionId } = authorizerSchema.parse(authorizer);
    if (routeKey === '$connect') {
      const isOpen = await (await tenants.for(userId)).connections.add({ connectionId, sessionId });
      // An access token lives on for minutes after the logout, and still gets tickets.
      if (!isOpen) return { statusCode: 403 };
      // A browser closes a connection whose server doesn't choose one of the protocols it offered.
      return { ...ok, headers: { 'Sec-WebSocket-Protocol': realtimeProtocol } };
    }
    if (routeKey === '$disconnect') {
      await (await tenants.for(userId)).connections.remove(connectionId);
      return ok;
    }
    await answer(connectionId, event.body);
    return ok;
  };

  async function answer(connectionId: string, body: string | undefined): Promise<void> {
    if (isPing(body)) {
      await realtime.push(connectionId, { type: 'pong' });
      return;
    }
    logger.info('WebSocket closed for a frame that is none of ours');
    await realtime.disconnect(connectionId);
  }
}

function isPing(body: string | undefined): boolean {
  try {
    return clientFrameSchema.safeParse(JSON.parse(body ?? '')).success;
  } catch {
    // Not JSON: not one of our frames either.
    return false;
  }
}
