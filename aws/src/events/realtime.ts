import {
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { ServerFrame } from '@top-active/core/contracts';
import type { AwsClients } from '../calls/clients.ts';

/** The WebSocket API's @connections. */
export interface Realtime {
  /** `gone`: nobody is at the other end any more. @throws for anything else that fails */
  push(connectionId: string, frame: ServerFrame): Promise<'sent' | 'gone'>;
  /** Already closed is fine. */
  disconnect(connectionId: string): Promise<void>;
}

/** @param options.endpoint the API's own address with its stage, `https://….execute-api.…/live` */
export function createRealtime(clients: AwsClients, { endpoint }: { endpoint: string }): Realtime {
  return {
    async push(connectionId, frame) {
      try {
        const Data = Buffer.from(JSON.stringify(frame));
        await clients.management(endpoint).send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }));
        return 'sent';
      } catch (error) {
        if (error instanceof GoneException) return 'gone';
        throw error;
      }
    },
    async disconnect(connectionId) {
      try {
        await clients.management(endpoint).send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
      } catch (error) {
        if (!(error instanceof GoneException)) throw error;
      }
    },
  };
}
