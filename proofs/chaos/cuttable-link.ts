import { createServer, connect, type Socket } from 'node:net';

/**
 * A way to one server through this process, that can be cut as a network is: nothing arrives any more, and nobody is
 * told.
 */
export interface CuttableLink {
  readonly port: number;
  cut(): void;
  /** What was on its way arrives now, late. */
  mend(): void;
  close(): Promise<void>;
}

export async function openLink(target: { port: number }): Promise<CuttableLink> {
  const sockets = new Set<Socket>();
  let isCut = false;

  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target.port, host: '127.0.0.1', allowHalfOpen: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk) => {
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => {
        if (!isCut) from.resume();
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        // One that was killed while the link is cut is noticed when it is mended.
        if (!isCut) to.destroySoon();
        else dead.add(to);
      });
      if (isCut) from.pause();
    }
  });
  const dead = new Set<Socket>();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The link has no port');

  return {
    port: address.port,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    mend() {
      isCut = false;
      for (const socket of dead) socket.destroySoon();
      dead.clear();
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
