import { z } from 'zod';
import { errorOf } from './openai-error.ts';

/** A fault of the next calls. */
export const faultSchema = z.strictObject({
  kind: z.enum([
    'invalid_api_key',
    'rate_limit_exceeded',
    'insufficient_quota',
    'server_error',
    'overloaded',
    /** No answer until the client gives up, at most two minutes. */
    'timeout',
  ]),
  /** How many calls it hits. */
  times: z.int().min(1).max(10_000).default(1),
  /** Only calls with this key. */
  key: z.string().optional(),
  /** `retry-after` of a 429 or 503. */
  retryAfterSeconds: z.int().min(0).max(3600).default(1),
});

export type Fault = z.output<typeof faultSchema>;

export interface Faults {
  /** Replaces all that were set. */
  set(faults: Fault[]): void;
  /** What remains. */
  list(): Fault[];
  /** Counts one call; waits or throws when a fault hits it. */
  strike(call: { key: string; signal: AbortSignal }): Promise<void>;
  /** Waits until the client gives up, the world closes or the time is over. */
  hang(wait: { ms: number; signal: AbortSignal }): Promise<void>;
  close(): void;
}

const longestHangMs = 120_000;
const statuses = {
  invalid_api_key: 401,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  server_error: 500,
  overloaded: 503,
  timeout: 503,
} as const satisfies Record<Fault['kind'], number>;

export function createFaults(): Faults {
  let faults: Fault[] = [];
  const closing = new AbortController();

  function hang({ ms, signal }: { ms: number; signal: AbortSignal }): Promise<void> {
    const end = AbortSignal.any([signal, closing.signal, AbortSignal.timeout(Math.min(ms, longestHangMs))]);
    return new Promise((resolve) => {
      if (end.aborted) resolve();
      else end.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  return {
    set(next) {
      faults = next.map((fault) => ({ ...fault }));
    },
    list: () => faults.map((fault) => ({ ...fault })),
    async strike({ key, signal }) {
      const fault = faults.find((candidate) => candidate.key === undefined || candidate.key === key);
      if (!fault) return;
      fault.times -= 1;
      if (fault.times === 0) faults = faults.filter((other) => other !== fault);
      if (fault.kind === 'timeout') await hang({ ms: longestHangMs, signal });
      const code = fault.kind === 'timeout' ? 'overloaded' : fault.kind;
      throw errorOf({ status: statuses[fault.kind], code, retryAfterSeconds: fault.retryAfterSeconds });
    },
    hang,
    close: () => closing.abort(),
  };
}
