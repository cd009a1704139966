import { isUtf8 } from 'node:buffer';
import type { WebSocket } from 'ws';
import type { ConnectionFacts } from './websocket-events.ts';

/** An open connection, with the two limits on its life. */
export interface Connection {
  readonly facts: ConnectionFacts;
  /** Unix time in milliseconds of the latest message in either direction. */
  readonly lastActiveAt: number;
  /** Notes that a message came in. */
  touch(): void;
  /** False when the client is gone. */
  send(message: string | Buffer): Promise<boolean>;
  close(code: number, reason: string): void;
  /** Cuts it off without the closing handshake. */
  cut(): void;
}

export interface ConnectionLimits {
  idleTimeoutMs: number;
  maxAgeMs: number;
}

export function watchConnection(facts: ConnectionFacts, socket: WebSocket, limits: ConnectionLimits): Connection {
  let lastActiveAt = facts.connectedAt;
  const idle = setTimeout(() => socket.close(1001, 'Going away'), limits.idleTimeoutMs);
  const aged = setTimeout(() => socket.close(1001, 'Going away'), limits.maxAgeMs);
  socket.once('close', () => {
    clearTimeout(idle);
    clearTimeout(aged);
  });

  function touch(): void {
    lastActiveAt = Date.now();
    if (socket.readyState === socket.OPEN) idle.refresh();
  }

  return {
    facts,
    get lastActiveAt() {
      return lastActiveAt;
    },
    touch,
    async send(message) {
      if (socket.readyState !== socket.OPEN) return false;
      const binary = typeof message !== 'string' && !isUtf8(message);
      const error = await new Promise<Error | null | undefined>((resolve) => {
        socket.send(message, { binary }, resolve);
      });
      if (error) return false;
      touch();
      return true;
    },
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
  };
}
