import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { freePort } from '@top-active/cloud/loopback';
import type { Closers } from '@top-active/local/stack/closers';

/**
 * Where a function dies: at a request that it makes, before it takes effect or after, but before the function hears of
 * it.
 */
export interface Cut {
  when: 'before' | 'after';
  request: (sent: SentRequest) => boolean;
}

interface SentRequest {
  path: string;
  /** Of DynamoDB, such as `PutItem`; empty elsewhere. */
  operation: string;
  body: string;
}

export interface CutOffs {
  /** Addresses in place of the targets. */
  addresses: Readonly<Record<string, string>>;
  /** At the next request that fits, once; no more at all, when nothing is given. */
  at(cut: Cut | undefined): void;
}

const ofTheHop = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'];

/** Puts an address in front of each target, which passes everything on until a function is to die there. */
export async function startCutOffs({
  targets,
  crash,
  closers,
}: {
  targets: Readonly<Record<string, string>>;
  /** Kills the function. */
  crash: () => Promise<void>;
  closers: Closers;
}): Promise<CutOffs> {
  let next: Cut | undefined;

  async function pass(target: URL, request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const body = await request.text();
    const operation = (request.headers.get('x-amz-target') ?? '').split('.')[1] ?? '';
    const cut = next?.request({ path: pathname, operation, body }) ? next : undefined;
    if (cut) next = undefined;
    const lost = async () => {
      await crash();
      return new Response(null, { status: 503 });
    };
    if (cut?.when === 'before') return lost();
    const headers = new Headers(request.headers);
    for (const name of ofTheHop) headers.delete(name);
    const { method } = request;
    const answer = await fetch(target.origin + pathname + search, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== '' && { body }),
    });
    return cut ? lost() : answer;
  }

  async function inFrontOf(address: string): Promise<string> {
    const target = new URL(address);
    const app = new Hono();
    app.all('*', (c) => pass(target, c.req.raw));
    const port = await freePort();
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
    closers.add(
      () =>
        new Promise((resolve) => {
          server.close(resolve);
        }),
    );
    return `http://127.0.0.1:${port}${target.pathname === '/' ? '' : target.pathname}`;
  }

  const addresses = Object.entries(targets).map(async ([name, target]) => [name, await inFrontOf(target)] as const);
  return {
    addresses: Object.fromEntries(await Promise.all(addresses)),
    at(cut) {
      next = cut;
    },
  };
}
