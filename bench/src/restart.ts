import { quantile } from './quantiles.ts';

/** One start of a host with sessions that it ran before. */
export interface Restart {
  sessions: number;
  /** How many of them became ready. */
  ready: number;
  /** From starting the host's process to the last one that became ready; undefined when none did. */
  ms: number | undefined;
  /** What the others said, each once. */
  failures: string[];
}

/** @param outcomes of each session: when it became ready. Moments are epoch milliseconds */
export function restartOf(startedAt: number, outcomes: readonly PromiseSettledResult<number>[]): Restart {
  const readyAt = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
  return {
    sessions: outcomes.length,
    ready: readyAt.length,
    ms: readyAt.length > 0 ? Math.max(...readyAt) - startedAt : undefined,
    failures: [...new Set(failures)],
  };
}

/** Median time of those that brought every session back; undefined when none did. */
export function medianRestart(restarts: readonly Restart[]): number | undefined {
  const whole = restarts.flatMap(({ sessions, ready, ms }) => (ready === sessions && ms !== undefined ? [ms] : []));
  return whole.length > 0 ? quantile(whole, 0.5) : undefined;
}

/** What is to be said of those that did not bring every session back. */
export function describeFailures(restarts: readonly Restart[]): string[] {
  return restarts
    .filter(({ sessions, ready }) => ready < sessions)
    .map(({ sessions, ready, failures }) => `${ready} of ${sessions} ready after a restart: ${failures.join('; ')}`);
}
