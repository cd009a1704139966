import type { DeathCause } from '../engine.ts';
import type { Heartbeat } from './page-calls.ts';

export interface LivenessLimits {
  /** Unanswered heartbeats after which the connection counts as gone, and after which the page counts as dead. */
  missesUntilDisconnected: number;
  missesUntilDead: number;
  /**
   * A sent message without any tick for so long: the connection is gone whatever the page says, and then the session is
   * dead.
   */
  ackUntilDisconnectedMs: number;
  ackUntilDeadMs: number;
  /** Nothing heard from WhatsApp for so long: it is asked something. */
  quietUntilAskedMs: number;
  /** Once connected and then not, for whatever reason, for so long: a page may have got stuck on its way back. */
  disconnectedUntilDeadMs: number;
}

export type Verdict =
  | { state: 'connected' }
  | { state: 'disconnected'; reason: string }
  | { state: 'dead'; cause: DeathCause };

export type Liveness = ReturnType<typeof createLiveness>;

const remembered = 200;
/** Questions without an answer after which the session is dead; after the first one the connection counts as gone. */
const unansweredUntilDead = 2;

/**
 * Whether a session is alive, from what can be observed: answers from inside the page, ticks for what was sent, and,
 * when WhatsApp hasn't been heard of for a while, an answer from it. WhatsApp Web says CONNECTED on dead links too.
 * Times are milliseconds of a monotonic clock.
 */
export function createLiveness(limits: LivenessLimits) {
  let misses = 0;
  let last: Heartbeat | undefined;
  let heardAt: number | undefined;
  let unanswered = 0;
  let wasConnected = false;
  let lostAt: number | undefined;
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
    /** Something came that only WhatsApp's servers can have sent. */
    heard(at: number): void {
      heardAt = at;
      unanswered = 0;
    },
    unanswered(): void {
      unanswered++;
    },
    /** WhatsApp has been quiet for so long that it should be asked. */
    shouldAsk(now: number): boolean {
      heardAt ??= now;
      return last?.state === 'CONNECTED' && now - heardAt >= limits.quietUntilAskedMs;
    },
    verdict(now: number): Verdict {
      const found = assess(now);
      if (found.state === 'connected') wasConnected = true;
      if (found.state !== 'disconnected') lostAt = undefined;
      else if (wasConnected) lostAt ??= now;
      const isStuck = now - (lostAt ?? now) >= limits.disconnectedUntilDeadMs;
      return isStuck ? { state: 'dead', cause: 'connection_lost' } : found;
    },
  };

  function assess(now: number): Verdict {
    if (misses >= limits.missesUntilDead) return { state: 'dead', cause: 'page_unresponsive' };
    const oldest = Math.min(...unacknowledged.values());
    if (now - oldest >= limits.ackUntilDeadMs) return { state: 'dead', cause: 'connection_lost' };
    if (unanswered >= unansweredUntilDead) return { state: 'dead', cause: 'connection_lost' };
    if (misses >= limits.missesUntilDisconnected) return { state: 'disconnected', reason: 'page_silent' };
    if (now - oldest >= limits.ackUntilDisconnectedMs) return { state: 'disconnected', reason: 'no_tick' };
    if (unanswered > 0) return { state: 'disconnected', reason: 'no_answer' };
    if (last?.state !== 'CONNECTED') return { state: 'disconnected', reason: last?.state.toLowerCase() ?? 'booting' };
    return last.hasSynced ? { state: 'connected' } : { state: 'disconnected', reason: 'syncing' };
  }
}
