import { z } from 'zod';
import type { Meter } from './meter.ts';

const eventSchema = z.looseObject({
  requestContext: z.looseObject({ http: z.looseObject({}).optional(), connectionId: z.string().optional() }).optional(),
});
const httpChunkBytes = 512 * 1024;
const socketChunkBytes = 32 * 1024;

/** Calls functions and counts what that costs: the invocation itself, and the request of an API that it answers. */
export function meterInvocations({
  invoke,
  memoryOf,
  meter,
}: {
  invoke: (name: string, event: unknown) => Promise<unknown>;
  /** Megabytes of a function. */
  memoryOf: (name: string) => number;
  meter: Meter;
}): (name: string, event: unknown) => Promise<unknown> {
  return async (name, event) => {
    const began = performance.now();
    try {
      return await invoke(name, event);
    } finally {
      // Lambda bills each millisecond begun.
      const milliseconds = Math.ceil(performance.now() - began);
      const megabyteSeconds = (memoryOf(name) * milliseconds) / 1000;
      meter.count({
        service: 'lambda',
        action: 'Invoke',
        resource: name,
        amounts: { requests: 1, milliseconds, megabyteSeconds },
      });
      countApiRequest(event, meter);
    }
  };
}

function countApiRequest(event: unknown, meter: Meter): void {
  const { requestContext } = eventSchema.safeParse(event).data ?? {};
  const bytes = Buffer.byteLength(JSON.stringify(event) ?? '');
  const count = (service: string, action: string, chunk: number) =>
    meter.count({ service, action, resource: '', amounts: { requests: 1, billedRequests: Math.ceil(bytes / chunk) } });
  if (requestContext?.http) count('http-api', 'request', httpChunkBytes);
  else if (requestContext?.connectionId) count('websocket', 'message in', socketChunkBytes);
}
