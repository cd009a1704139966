import type { Restriction } from '@top-active/core/contracts';

export interface RestrictionWatchLimits {
  /** Between two readings. Milliseconds. */
  restrictionsEveryMs: number;
  /** The same, while the account is restricted without an end that is known. */
  restrictionsAgainMs: number;
}

/** What was read last, and when. Times are milliseconds of a monotonic clock. */
export interface Reading {
  at: number;
  /** What the page's memory said then. */
  sign: string | undefined;
  known: readonly Restriction[];
}

/** Whether the preferences are to be read: the first time, when the page has heard something, and from time to time. */
export function isReadingDue(
  last: Reading | undefined,
  { sign, now, limits }: { sign: string | undefined; now: number; limits: RestrictionWatchLimits },
): boolean {
  if (last === undefined || last.sign !== sign) return true;
  const isOpenEnded = last.known.some(({ level, until }) => level === 'limited' && until === undefined);
  return now - last.at >= (isOpenEnded ? limits.restrictionsAgainMs : limits.restrictionsEveryMs);
}
