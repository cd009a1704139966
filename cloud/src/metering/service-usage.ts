import { z } from 'zod';
import { actionOf } from './action-of.ts';
import type { Exchange } from './metered-endpoint.ts';
import type { Usage } from './meter.ts';

const queueSchema = z.object({ QueueUrl: z.string().default('') });
const sqsChunkBytes = 64 * 1024;
const socketChunkBytes = 32 * 1024;

/**
 * A request to SQS, billed once for each 64 KB of what it carries. Receiving that brought nothing is an action of its
 * own: it happens whether there is work or not.
 */
export function sqsUsage({ headers, requestBody, responseBody }: Exchange): Usage[] {
  const action = actionOf(headers, requestBody);
  const { QueueUrl } = queueSchema.parse(JSON.parse(requestBody || '{}'));
  const bytes = Math.max(Buffer.byteLength(requestBody), Buffer.byteLength(responseBody));
  const empty = action === 'ReceiveMessage' && !responseBody.includes('"MessageId"');
  return [
    {
      service: 'sqs',
      action: empty ? 'ReceiveMessage (empty)' : action,
      resource: QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1),
      amounts: { requests: 1, billedRequests: Math.max(1, Math.ceil(bytes / sqsChunkBytes)) },
    },
  ];
}

/** A request to a service that bills by the request alone. */
export function plainUsage(service: string): (exchange: Exchange) => Usage[] {
  return ({ headers, requestBody }) => [
    { service, action: actionOf(headers, requestBody), resource: '', amounts: { requests: 1 } },
  ];
}

/** A message to an open WebSocket by @connections, billed once for each 32 KB. */
export function managementUsage({ method, requestBody }: Exchange): Usage[] {
  const billedRequests =
    method === 'POST' ? Math.max(1, Math.ceil(Buffer.byteLength(requestBody) / socketChunkBytes)) : 0;
  return [
    { service: 'websocket', action: `${method} @connections`, resource: '', amounts: { requests: 1, billedRequests } },
  ];
}
