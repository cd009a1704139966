import { createServer } from 'node:http';
import { closeServer, listenOnLoopback } from './listen.ts';

/** A port that nobody listens on right now, for addresses that others must know before their server starts. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server, { what: 'a moment' });
  await closeServer(server);
  return port;
}
