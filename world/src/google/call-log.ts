import type { Now } from './types.ts';

/** One call, without its tokens and contents. */
export interface LoggedCall {
  /** ISO 8601. */
  at: string;
  /** `oauth2.token.refresh_token`, `calendar.events.insert`, … */
  operation: string;
  account?: string | undefined;
  /** HTTP status of the answer; 0 while there is none. */
  status: number;
}

export interface CallLog {
  /** Counts the call; whoever answers it with something else than 200 sets the status of the entry. */
  begin(operation: string, account?: string): LoggedCall;
  /** Calls since the start of the process by operation, and the last 500 one by one, oldest first. */
  read(): { counts: Record<string, number>; calls: LoggedCall[] };
  clear(): void;
}

const kept = 500;

export function createCallLog(now: Now): CallLog {
  let counts = new Map<string, number>();
  let calls: LoggedCall[] = [];
  return {
    begin(operation, account) {
      const entry: LoggedCall = { at: new Date(now()).toISOString(), operation, account, status: 200 };
      counts.set(operation, (counts.get(operation) ?? 0) + 1);
      calls.push(entry);
      if (calls.length > kept) calls.shift();
      return entry;
    },
    read: () => ({ counts: Object.fromEntries(counts), calls: [...calls] }),
    clear() {
      counts = new Map();
      calls = [];
    },
  };
}
