import { z } from 'zod';
import { GoogleError, unauthorized } from './google-error.ts';

/** A fault of the next calls. */
export const faultSchema = z.strictObject({
  kind: z.enum([
    'unauthorized',
    'rate_limit_403',
    'rate_limit_429',
    'server_error',
    'unavailable',
    /** No answer until the client gives up, at most two minutes. */
    'timeout',
  ]),
  /** How many calls it hits. */
  times: z.int().min(1).max(10_000).default(1),
  /** Only calls of this account. */
  account: z.string().toLowerCase().optional(),
  /** Only operations that start with this; `calendar.` unless told. `oauth2.token` hits the token endpoint. */
  operation: z.string().default('calendar.'),
});

export type Fault = z.output<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

export interface Faults {
  /** Replaces all that were set. */
  set(faults: Fault[]): void;
  /** What remains. */
  list(): Fault[];
  /** Counts one call; waits or throws when a fault hits it. */
  strike(call: { operation: string; account: string | undefined; signal: AbortSignal }): Promise<void>;
  /** Lets go of every waiting call. */
  close(): void;
}

const longestHangMs = 120_000;

export function createFaults(): Faults {
  let faults: Fault[] = [];
  const closing = new AbortController();

  return {
    set(next) {
      faults = next.map((fault) => ({ ...fault }));
    },
    list: () => faults.map((fault) => ({ ...fault })),
    async strike({ operation, account, signal }) {
      const fault = faults.find(
        (candidate) =>
          operation.startsWith(candidate.operation) &&
          (candidate.account === undefined || candidate.account === account),
      );
      if (!fault) return;
      fault.times -= 1;
      if (fault.times === 0) faults = faults.filter((other) => other !== fault);
      if (fault.kind === 'timeout')
        await hang(AbortSignal.any([signal, closing.signal, AbortSignal.timeout(longestHangMs)]));
      throw answers[fault.kind]();
    },
    close: () => closing.abort(),
  };
}

function hang(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

const answers = {
  unauthorized: () => unauthorized(),
  rate_limit_403: () => limited(403),
  rate_limit_429: () => limited(429),
  server_error: () => new GoogleError({ code: 500, reason: 'backendError', message: 'Backend Error' }),
  unavailable: () => unavailable(),
  timeout: () => unavailable(),
} satisfies Record<Fault['kind'], () => GoogleError>;

function unavailable(): GoogleError {
  return new GoogleError({ code: 503, reason: 'backendError', message: 'Service Unavailable', status: 'UNAVAILABLE' });
}

function limited(code: 403 | 429): GoogleError {
  return new GoogleError({ code, reason: 'rateLimitExceeded', message: 'Rate Limit Exceeded', domain: 'usageLimits' });
}
