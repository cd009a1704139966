/** A session that runs, as far as its recycling depends on it. Times in milliseconds. */
export interface SessionFacts<T> {
  session: T;
  memoryBytes: number;
  runningForMs: number;
  /** Since it was last begun anew for its memory; Infinity: never. */
  sinceRecycledMs: number;
  /** Since the newest message, in or out, or the session's start. */
  quietForMs: number;
  /** It has a command to carry out, or isn't ready. */
  isBusy: boolean;
  /** Of the day where the owner is, 0 to 23. */
  localHour: number;
}

export interface RecyclingLimits {
  /** More than this no session may take, whatever the hour. */
  sessionMemoryBytes: number;
  /** The host's own limit, where it has one. */
  hostMemoryBytes?: number | undefined;
  /** After so long a session is begun anew at night: pages grow by and by. */
  recycleAfterMs: number;
  /** A session that has only just begun needs what it takes: to begin it anew once more wouldn't help. */
  settledAfterMs: number;
}

export type RecyclingReason = 'over_limit' | 'host_pressure' | 'grown' | 'old';

/** From and to which hour of the owner nobody writes. */
const quietHours = { from: 2, to: 5 };
const quietMs = 10 * 60_000;
/** One that is over its limit again so soon needs so much: then only the host's own need counts. */
const notAgainMs = 3_600_000;
const grownShare = 0.6;
const pressureShare = 0.9;

/**
 * Which session to end in order and begin anew, if any: one at a time, so that starts don't pile up. One over its limit
 * comes first; then, where the host is nearly full, the largest; then, in its owner's night and when it is quiet, one
 * that has grown or is old.
 */
export function chooseRecycling<T>(
  sessions: readonly SessionFacts<T>[],
  limits: RecyclingLimits & { usedBytes: number },
): { session: T; reason: RecyclingReason } | undefined {
  const largestFirst = sessions
    .filter(({ runningForMs }) => runningForMs >= limits.settledAfterMs)
    .toSorted((a, b) => b.memoryBytes - a.memoryBytes);
  const over = largestFirst.find(
    ({ memoryBytes, sinceRecycledMs }) => memoryBytes > limits.sessionMemoryBytes && sinceRecycledMs >= notAgainMs,
  );
  if (over) return { session: over.session, reason: 'over_limit' };

  const isPressed = limits.usedBytes > (limits.hostMemoryBytes ?? Infinity) * pressureShare;
  const [largest] = largestFirst;
  if (isPressed && largest) return { session: largest.session, reason: 'host_pressure' };

  const sleeping = largestFirst.filter((facts) => isNight(facts) && isQuiet(facts));
  const grown = sleeping.find(({ memoryBytes }) => memoryBytes > limits.sessionMemoryBytes * grownShare);
  if (grown) return { session: grown.session, reason: 'grown' };
  const old = sleeping.find(({ runningForMs }) => runningForMs >= limits.recycleAfterMs);
  return old && { session: old.session, reason: 'old' };
}

function isNight({ localHour }: SessionFacts<unknown>): boolean {
  return localHour >= quietHours.from && localHour < quietHours.to;
}

function isQuiet({ quietForMs, isBusy }: SessionFacts<unknown>): boolean {
  return !isBusy && quietForMs >= quietMs;
}
