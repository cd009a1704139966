import { z } from 'zod';
import type { FunctionFailure } from './function-error.ts';

/** What a worker is told at its start. */
export const workerSettingsSchema = z.object({
  /** Absolute path of the bundle. */
  bundle: z.string(),
  functionName: z.string(),
  functionArn: z.string(),
  memoryMb: z.number(),
});
export type WorkerSettings = z.infer<typeof workerSettingsSchema>;

export interface InvokeMessage {
  requestId: string;
  /** JSON, as on the wire: what JSON can't say doesn't arrive. */
  event: string;
  /** Unix time in milliseconds at which the invocation is ended. */
  deadline: number;
  traceId: string;
}

export type WorkerMessage =
  | { type: 'ready' }
  | { type: 'init-failed'; failure: FunctionFailure }
  /** `payload`: JSON. */
  | { type: 'succeeded'; requestId: string; payload: string }
  | { type: 'failed'; requestId: string; failure: FunctionFailure }
  /** Something escaped the handler: the process ends. */
  | { type: 'crashed'; failure: FunctionFailure };
