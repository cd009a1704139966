import { createMiddleware } from 'hono/factory';
import type { Faults } from './faults.ts';
import type { Keys } from './keys.ts';
import { newId } from './response-object.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';

export interface OpenAiEnv {
  Variables: { key: string; entry: LoggedRequest };
}

/** Logs the request with its whole body, demands a key that works, then lets faults strike. */
export function keyGuard({
  keys,
  faults,
  log,
  now,
}: {
  keys: Keys;
  faults: Faults;
  log: RequestLog;
  now: () => number;
}) {
  return createMiddleware<OpenAiEnv>(async (c, next) => {
    const startedAt = now();
    const authorization = c.req.header('authorization');
    const body = c.req.method === 'POST' ? await readBody(c.req.raw.clone()) : undefined;
    const entry = log.begin({
      method: c.req.method,
      path: c.req.path,
      key: authorization?.replace(/^Bearer\s+/i, ''),
      body,
    });
    c.set('entry', entry);
    c.header('x-request-id', newId('req'));
    c.header('openai-version', '2020-10-01');
    const on = /\/models(\/|$)/.test(c.req.path) ? 'models' : 'responses';
    const key = keys.check(authorization, on === 'models' ? 'api.model.read' : 'api.responses.write');
    c.set('key', key);
    await faults.strike({ key, on, signal: c.req.raw.signal });
    await next();
    entry.status = c.res.status;
    c.res.headers.set('openai-processing-ms', String(now() - startedAt));
  });
}

async function readBody(request: Request): Promise<unknown> {
  const text = await request.text();
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the route refuses it, the log shows it.
    return text;
  }
}
