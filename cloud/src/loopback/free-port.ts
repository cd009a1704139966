import { randomInt } from 'node:crypto';
import { createServer } from 'node:http';
import { closeServer, listenOnLoopback } from './listen.ts';
import { PortTakenError } from './port-taken-error.ts';

/**
 * Below those that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere): none of them can take
 * it meanwhile.
 */
const [from, to] = [20_000, 32_000];
const mostTries = 50;

/** A port that nobody listens on right now, for addresses that others must know before their server starts. */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = randomInt(from, to);
    const server = createServer();
    try {
      await listenOnLoopback(server, { port, what: 'a moment' });
    } catch (error) {
      if (error instanceof PortTakenError && tries < mostTries) continue;
      throw error;
    }
    await closeServer(server);
    return port;
  }
}
