import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { FunctionError } from '../lambda-runtime/index.ts';
import { withinTimeout, type InvokeFunction } from './invoke.ts';
import { createRouteSelection } from './route-selection.ts';
import type { Connection } from './websocket-connections.ts';
import { disconnectEvent, messageEvent, type ConnectionFacts } from './websocket-events.ts';

export interface WebSocketRoutesOptions {
  disconnectFunction?: string | undefined;
  defaultFunction?: string | undefined;
  /** Further routes: function by the value that the route selection expression finds. */
  routes?: Readonly<Record<string, string>> | undefined;
  /** `$request.body.action` by default. */
  routeSelection?: string | undefined;
  /** Whether the body that a route's function answers is sent to the client (a route response in AWS). */
  routeResponses?: boolean | undefined;
  invoke: InvokeFunction;
}

export interface WebSocketRoutes {
  /** Hands a message to the function of its route. */
  receive(connection: Connection, message: Buffer, isBinary: boolean): Promise<void>;
  /** Tells the function of $disconnect. */
  disconnect(facts: ConnectionFacts, code: number, reason: string): Promise<void>;
}

const resultSchema = z.object({ body: z.string() });

/** What happens on a connection that is open. Functions that fail are not the gateway's failures. */
export function createWebSocketRoutes(
  options: WebSocketRoutesOptions & { integrationTimeoutMs: number; onError: (error: unknown) => void },
): WebSocketRoutes {
  const { invoke, integrationTimeoutMs, onError } = options;
  const routes = new Map(Object.entries(options.routes ?? {}));
  const selectRoute = createRouteSelection(options.routeSelection ?? '$request.body.action');

  return {
    async receive(connection, message, isBinary) {
      const selected = (isBinary ? undefined : selectRoute(message.toString())) ?? '$default';
      const routeKey = routes.has(selected) ? selected : '$default';
      const functionName = routes.get(routeKey) ?? options.defaultFunction;
      if (functionName === undefined) {
        await complain(connection, 'Forbidden');
        return;
      }
      try {
        const event = messageEvent(connection.facts, routeKey, message, isBinary);
        const result = await withinTimeout(invoke(functionName, event), integrationTimeoutMs);
        const reply = resultSchema.safeParse(result);
        if (options.routeResponses && reply.success) await connection.send(reply.data.body);
      } catch (error) {
        if (!(error instanceof FunctionError)) onError(error);
        await complain(connection, 'Internal server error');
      }
    },
    async disconnect(facts, code, reason) {
      if (options.disconnectFunction === undefined) return;
      try {
        const event = disconnectEvent(facts, code, reason);
        await withinTimeout(invoke(options.disconnectFunction, event), integrationTimeoutMs);
      } catch (error) {
        if (!(error instanceof FunctionError)) onError(error);
      }
    },
  };
}

async function complain(connection: Connection, message: string): Promise<void> {
  const { connectionId } = connection.facts;
  await connection.send(JSON.stringify({ message, connectionId, requestId: randomUUID() }));
}
