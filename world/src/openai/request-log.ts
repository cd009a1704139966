import { maskKey } from './keys.ts';
import type { Usage } from './usage.ts';

export interface LoggedRequest {
  /** ISO 8601. */
  at: string;
  method: string;
  path: string;
  /** Masked but for its ends; absent when none was given. */
  key?: string | undefined;
  /** HTTP status; 0 while there is no answer. */
  status: number;
  /** The whole body as it came, so that a test can prove what was sent and what wasn't. */
  body?: unknown;
  usage?: Usage | undefined;
}

export interface RequestLog {
  begin(request: { method: string; path: string; key: string | undefined; body: unknown }): LoggedRequest;
  /** The last 200, oldest first. In memory only. */
  read(): LoggedRequest[];
  clear(): void;
}

const kept = 200;

export function createRequestLog(now: () => number): RequestLog {
  let requests: LoggedRequest[] = [];
  return {
    begin({ method, path, key, body }) {
      const entry: LoggedRequest = {
        at: new Date(now()).toISOString(),
        method,
        path,
        key: key && maskKey(key),
        status: 0,
        body,
      };
      requests.push(entry);
      if (requests.length > kept) requests.shift();
      return entry;
    },
    read: () => [...requests],
    clear() {
      requests = [];
    },
  };
}
