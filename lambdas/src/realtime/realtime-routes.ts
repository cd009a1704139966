import { logger, ticketUserId, type Realtime, type Tenant, type Tenants } from '@top-active/aws';
import { clientFrameSchema, realtimeProtocol, userIdSchema } from '@top-active/core/contracts';
import type { APIGatewayProxyStructuredResultV2, APIGatewayProxyWebsocketEventV2WithRequestContext } from 'aws-lambda';
import type { APIGatewayEventWebsocketRequestContextV2 } from 'aws-lambda';
import { z } from 'zod';
import type { HandshakeHeaders } from '../realtime-authorizer/handshake-entrance.ts';
import { ticketOf } from '../realtime-authorizer/ticket-header.ts';

export type WebSocketEvent = APIGatewayProxyWebsocketEventV2WithRequestContext<
  APIGatewayEventWebsocketRequestContextV2 & { authorizer?: unknown }
> & {
  /** Of the handshake. */
  headers?: HandshakeHeaders | undefined;
};

export interface RealtimeDeps {
  tenants: Tenants;
  realtime: Realtime;
  mayEnter: (headers: HandshakeHeaders) => boolean;
}

/** What the authorizer said of the connection; API Gateway repeats it with every event. */
const authorizerSchema = z.object({ userId: userIdSchema, sessionId: z.string().min(1) });
type Told = z.infer<typeof authorizerSchema>;

const ok: APIGatewayProxyStructuredResultV2 = { statusCode: 200 };
const refused: APIGatewayProxyStructuredResultV2 = { statusCode: 403 };

/**
 * Opens, answers and closes WebSockets. They carry hints only, so there is nothing to read from them but pings. What
 * the authorizer said is believed only where the tenant's own items say it too: the ticket at first, then the
 * connection.
 */
export function createRealtimeRoutes({ tenants, realtime, mayEnter }: RealtimeDeps) {
  return async (event: WebSocketEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const { connectionId, routeKey, authorizer } = event.requestContext;
    const told = authorizerSchema.safeParse(authorizer);
    if (!told.success) {
      logger.error('A WebSocket came without the word of the authorizer: is it gone from $connect?');
      return refused;
    }
    const tenant = await tenants.for(told.data.userId);
    if (routeKey === '$connect') return connect(event, { tenant, told: told.data });
    if (routeKey === '$disconnect') await tenant.connections.remove(connectionId);
    else await answer(event, tenant);
    return ok;
  };

  async function connect(
    { headers = {}, requestContext: { connectionId } }: WebSocketEvent,
    { tenant, told: { userId, sessionId } }: { tenant: Tenant; told: Told },
  ): Promise<APIGatewayProxyStructuredResultV2> {
    const ticket = ticketOf(headers);
    if (!ticket || ticketUserId(ticket) !== userId || !mayEnter(headers)) return refused;
    const redeemed = await tenant.tickets.consume(ticket, connectionId);
    if (redeemed?.sessionId !== sessionId) return refused;
    await tenant.connections.add({ connectionId, sessionId });
    // After the write, as a login's end is written before the connections are read: one of the two sees the other.
    if (!(await tenant.logins.isLive(sessionId))) {
      await tenant.connections.remove(connectionId);
      return refused;
    }
    // A browser closes a connection whose server doesn't choose one of the protocols it offered.
    return { ...ok, headers: { 'Sec-WebSocket-Protocol': realtimeProtocol } };
  }

  async function answer(
    { body, requestContext: { connectionId } }: WebSocketEvent,
    { connections, logins }: Tenant,
  ): Promise<void> {
    const connection = await connections.get(connectionId);
    if (isPing(body) && connection && (await logins.isLive(connection.sessionId))) {
      await realtime.push(connectionId, { type: 'pong' });
      return;
    }
    logger.info('WebSocket closed: a frame that is none of ours, or a login that has ended');
    await connections.remove(connectionId);
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
