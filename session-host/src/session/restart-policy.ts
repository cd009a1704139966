import type { DeathCause } from '../engine/engine.ts';
import type { LinkFailure } from '../link/link-machine.ts';

export interface DeathRecord {
  cause: DeathCause | 'host_fault';
  /** Deaths since the session was last ready for a while, this one included. */
  count: number;
  /** There is a linked session to come back to. */
  linked: boolean;
}

export type RestartDecision = { again: true; delayMs: number } | { again: false; failure: LinkFailure };

const firstDelayMs = 500;
const quickRestarts = 6;
const slowDelayMs = 5 * 60_000;
/** Without a network a start fails at once and costs little, and everybody waits for the network to be back. */
const unreachedDelayMs = 60_000;
const incompatibleRestarts = 2;
const refusedRestarts = 1;

/**
 * A linked session is taken up again for ever, after some quick tries at a slow pace: WhatsApp or the network may be down for hours, and then
 * nobody wants to click for every account. An attempt to link is given up after the quick tries, since a person waits for it.
 * `random` is between 0 and 1 and spreads sessions that died together.
 */
export function decideRestart({ cause, count, linked }: DeathRecord, random: number): RestartDecision {
  if (cause === 'engine_incompatible' && count > incompatibleRestarts)
    return { again: false, failure: 'engine_incompatible' };
  // Each further try is one more from an account that WhatsApp looks at already.
  if (cause === 'banned') return { again: false, failure: 'banned' };
  if (cause === 'refused' && count > refusedRestarts) return { again: false, failure: 'refused' };
  if (count <= quickRestarts) return { again: true, delayMs: firstDelayMs * 2 ** (count - 1) * (0.5 + random) };
  if (!linked) return { again: false, failure: failureOf(cause) };
  return { again: true, delayMs: (cause === 'connection_lost' ? unreachedDelayMs : slowDelayMs) * (0.5 + random) };
}

function failureOf(cause: DeathRecord['cause']): LinkFailure {
  switch (cause) {
    case 'start_timeout':
    case 'engine_incompatible':
    case 'refused':
    case 'banned':
      return cause;
    case 'browser_died':
    case 'page_crashed':
    case 'page_unresponsive':
    case 'host_fault':
      return 'browser_died';
    case 'connection_lost':
    case 'conflict':
      return 'unknown';
    default:
      return cause satisfies never;
  }
}
