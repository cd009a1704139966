import { randomBytes } from 'node:crypto';
import { logField, withLogFields } from './log.ts';

const idSchema = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;

/** X-Ray's id of what caused the work that runs, as in `traceId` of its log lines. Undefined outside of `withTrace`. */
export function currentTraceId(): string | undefined {
  const id = logField('traceId');
  return typeof id === 'string' ? id : undefined;
}

/** Everything that `run` does, also after awaits, belongs to the trace; whatever it hands on carries the id. */
export function withTrace<T>(traceId: string | undefined, run: () => T): T {
  return traceId === undefined ? run() : withLogFields({ traceId }, run);
}

/**
 * For what begins here: an event of WhatsApp.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids
 */
export function newTraceId(now: number = Date.now()): string {
  const seconds = Math.floor(now / 1000);
  return `1-${seconds.toString(16).padStart(8, '0')}-${randomBytes(12).toString('hex')}`;
}

/** Id of a tracing header (`Root=1-…;Parent=…;Sampled=1`). Undefined when there is none, or none of this form. */
export function traceIdOf(header: string | undefined): string | undefined {
  const root = /(?:^|;)\s*Root=([^;]+)/.exec(header ?? '')?.[1];
  return root !== undefined && idSchema.test(root) ? root : undefined;
}

/**
 * Tracing header of the current trace, for SQS. With Lambda's own parent and sampling where it is Lambda's own trace.
 */
export function currentTraceHeader(): string | undefined {
  const id = currentTraceId();
  const own = lambdaTraceHeader();
  if (id === undefined) return undefined;
  return own !== undefined && traceIdOf(own) === id ? own : `Root=${id}`;
}

/** Lambda sets it anew before each invocation. */
export function lambdaTraceHeader(): string | undefined {
  return process.env['_X_AMZN_TRACE_ID'];
}

/** An item whose change the stream carries on: dispatch and assistant learn from it what has caused them. */
export function traced<T extends object>(item: T): T & { traceId?: string } {
  const traceId = currentTraceId();
  return { ...item, ...(traceId !== undefined && { traceId }) };
}
