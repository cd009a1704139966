import type { DeathCause } from '../engine.ts';
import type { Heartbeat } from './page-calls.ts';

export interface LivenessLimits {
  /** Unanswered heartbeats after which the connection counts as gone, and after which the page counts as dead. */
  missesUntilDisconnected: number;
  missesUntilDead: number;
  /** A sent message without any tick for so long: the connection is gone whatever the page says, and then the session is dead. */
  ackUntilDisconnectedMs: number;
  ackUntilDeadMs: number;
}

export type Verdict =
  | { state: 'connected' }
  | { state: 'disconnected'; reason: string }
  | { state: 'dead'; cause: DeathCause };

const remembered = 200;

/**
 * Whether a session is alive, from what can be observed: answers from inside the page, and ticks for what was sent. WhatsApp Web says
 * CONNECTED on dead links too. Times are milliseconds of a monotonic clock.
 */
export function createLiveness(limits: LivenessLimits) {
  let misses = 0;
  let last: Heartbeat | undefined;
  const unacknowledged = new Map<string, number>();
  /** A tick can overtake the answer that tells which message was sent. */
  const acknowledged = new Set<string>();

  return {
    beat(heartbeat: Heartbeat): void {
      misses = 0;
      last = heartbeat;
    },
    missed(): void {
      misses++;
    },
    sent(stanzaId: string, at: number): void {
      if (!acknowledged.has(stanzaId)) unacknowledged.set(stanzaId, at);
    },
    acknowledged(stanzaId: string): void {
      unacknowledged.delete(stanzaId);
      acknowledged.add(stanzaId);
      const [oldest] = acknowledged;
      if (acknowledged.size > remembered && oldest !== undefined) acknowledged.delete(oldest);
    },
    verdict(now: number): Verdict {
      if (misses >= limits.missesUntilDead) return { state: 'dead', cause: 'page_unresponsive' };
      const oldest = Math.min(...unacknowledged.values());
      if (now - oldest >= limits.ackUntilDeadMs) return { state: 'dead', cause: 'connection_lost' };
      if (misses >= limits.missesUntilDisconnected) return { state: 'disconnected', reason: 'page_silent' };
      if (now - oldest >= limits.ackUntilDisconnectedMs) return { state: 'disconnected', reason: 'no_tick' };
      if (last?.state !== 'CONNECTED') return { state: 'disconnected', reason: last?.state.toLowerCase() ?? 'booting' };
      return last.hasSynced ? { state: 'connected' } : { state: 'disconnected', reason: 'syncing' };
    },
  };
}
