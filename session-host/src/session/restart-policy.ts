import type { DeathCause } from '../engine/engine.ts';
import type { LinkFailure } from '../link/link-machine.ts';

type Cause = DeathCause | 'host_fault';

export interface DeathRecord {
  cause: Cause;
  /** Deaths since the session was last ready for a while, this one included. */
  count: number;
  /** There is a linked session to come back to. */
  linked: boolean;
}

export type RestartDecision = { again: true; delayMs: number } | { again: false; failure: LinkFailure };

interface Policy {
  /** What its owner reads when it is given up. */
  failure: LinkFailure;
  /** Tries one after the other, each after twice the pause. */
  quickTries: number;
  /** Pause between the tries after those; absent: there are none. A linked session goes on so for ever. */
  slowMs?: number;
  /** How many of them an attempt to link gets, since a person waits for it. */
  slowTriesOfAttempt?: number;
}

const firstDelayMs = 500;
/** WhatsApp or the host may be in trouble for hours, and then nobody wants to click for every account. */
const patient = { quickTries: 6, slowMs: 5 * 60_000 };
/** Without a network a start fails at once and costs little, and everybody waits for the network to be back. */
const eager = { quickTries: 6, slowMs: 60_000 };

const policies: Record<Cause, Policy> = {
  // Five minutes in all: who looks on may know that the network comes back.
  unreachable: { ...eager, slowTriesOfAttempt: 5, failure: 'unreachable' },
  connection_lost: { ...eager, failure: 'unknown' },
  start_timeout: { ...patient, failure: 'start_timeout' },
  browser_died: { ...patient, failure: 'browser_died' },
  page_crashed: { ...patient, failure: 'browser_died' },
  page_unresponsive: { ...patient, failure: 'browser_died' },
  page_silent: { ...patient, failure: 'browser_died' },
  host_fault: { ...patient, failure: 'browser_died' },
  conflict: { ...patient, failure: 'unknown' },
  page_outdated: { ...patient, failure: 'engine_incompatible' },
  // What nobody has seen before proves nothing for good.
  unknown: { ...patient, failure: 'unknown' },
  // The probe has looked for half a minute before it says so.
  engine_incompatible: { quickTries: 0, failure: 'engine_incompatible' },
  refused: { quickTries: 1, failure: 'refused' },
  // Each further try is one more from an account that WhatsApp looks at already.
  banned: { quickTries: 0, failure: 'banned' },
};

/**
 * What may pass is tried again: some quick tries, then at a slow pace, of a linked session for ever.
 * `random` is between 0 and 1 and spreads sessions that died together.
 */
export function decideRestart({ cause, count, linked }: DeathRecord, random: number): RestartDecision {
  const { quickTries, slowMs, slowTriesOfAttempt = 0, failure } = policies[cause];
  if (count <= quickTries) return { again: true, delayMs: firstDelayMs * 2 ** (count - 1) * (0.5 + random) };
  const isOver = !linked && count > quickTries + slowTriesOfAttempt;
  if (slowMs === undefined || isOver) return { again: false, failure };
  return { again: true, delayMs: slowMs * (0.5 + random) };
}
