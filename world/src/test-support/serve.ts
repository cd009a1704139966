import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { AddressInfo } from 'node:net';

export interface Served {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  close(): Promise<void>;
}

/** Serves apps on a free port of 127.0.0.1, each under its path, as the stack does. */
export async function serveApps(apps: Record<string, Hono>): Promise<Served> {
  const root = new Hono();
  for (const [path, app] of Object.entries(apps)) root.route(path, app);
  const { promise, resolve } = Promise.withResolvers<AddressInfo>();
  const server = serve({ fetch: root.fetch, hostname: '127.0.0.1', port: 0 }, resolve);
  const { port } = await promise;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done, fail) => {
        server.close((error) => (error ? fail(error) : done()));
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
