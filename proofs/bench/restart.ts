import type { HostUsage } from './process-usage.ts';
import { quantile } from './quantiles.ts';

/** One start of a host with sessions that it ran before. */
export interface Restart {
  sessions: number;
  /** How many of them became ready. */
  ready: number;
  /** From starting the host's process to the last one that became ready; undefined when none did. */
  ms: number | undefined;
  /**
   * What the host and its browsers took of one core until then, milliseconds. It depends less on what else runs than
   * the time does.
   */
  cpuMs: { node: number; browsers: number };
  /** What the others said, each once. */
  failures: string[];
}

/**
 * @param outcomes of each session: when it became ready. Moments are epoch milliseconds
 * @param usage of the host's processes since their begin
 */
export function restartOf(
  startedAt: number,
  outcomes: readonly PromiseSettledResult<number>[],
  usage: HostUsage,
): Restart {
  const readyAt = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
  return {
    sessions: outcomes.length,
    ready: readyAt.length,
    ms: readyAt.length > 0 ? Math.max(...readyAt) - startedAt : undefined,
    cpuMs: { node: usage.node.cpuMs, browsers: usage.browsers.cpuMs },
    failures: [...new Set(failures)],
  };
}

/** Medians of those that brought every session back; undefined when none did. */
export function medianRestart(restarts: readonly Restart[]): { ms: number; cpuMs: number } | undefined {
  const whole = restarts.flatMap(({ sessions, ready, ms, cpuMs }) =>
    ready === sessions && ms !== undefined ? [{ ms, cpuMs: cpuMs.node + cpuMs.browsers }] : [],
  );
  if (whole.length === 0) return undefined;
  return {
    ms: quantile(
      whole.map(({ ms }) => ms),
      0.5,
    ),
    cpuMs: quantile(
      whole.map(({ cpuMs }) => cpuMs),
      0.5,
    ),
  };
}

/** What is to be said of those that did not bring every session back. */
export function describeFailures(restarts: readonly Restart[]): string[] {
  return restarts
    .filter(({ sessions, ready }) => ready < sessions)
    .map(({ sessions, ready, failures }) => `${ready} of ${sessions} ready after a restart: ${failures.join('; ')}`);
}
