import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { PortTakenError } from './port-taken-error.ts';

export interface ListenOptions {
  /** 0 or absent: a free one. */
  port?: number | undefined;
  /** What the port is for, in the words of an error message. */
  what: string;
}

/** Every open socket, also those that were upgraded: an HTTP server forgets these, but waits for them to close. */
const openSockets = new WeakMap<Server, Set<Socket>>();

/**
 * Starts an HTTP server on 127.0.0.1 and answers its port.
 * @throws PortTakenError when another process listens there.
 */
export async function listenOnLoopback(server: Server, { port = 0, what }: ListenOptions): Promise<number> {
  const sockets = new Set<Socket>();
  openSockets.set(server, sockets);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    function refuse(cause: NodeJS.ErrnoException): void {
      reject(cause.code === 'EADDRINUSE' ? new PortTakenError({ port, what, cause }) : cause);
    }
    server.once('error', refuse);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no TCP port.');
  return address.port;
}

/** Lets what is under way finish for at most `graceMs`, then cuts it off. */
export async function closeServer(server: Server, graceMs = 2_000): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const cut = setTimeout(() => {
    server.closeAllConnections();
    for (const socket of openSockets.get(server) ?? []) socket.destroy();
  }, graceMs);
  await closed;
  clearTimeout(cut);
}
