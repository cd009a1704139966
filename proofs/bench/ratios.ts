/** How many sessions fit into a GB (1,000 MB), all of the host counted. */
export function sessionsPerGb(sessions: number, hostMb: number): number {
  return perUnit(sessions, hostMb / 1000);
}

/** @param ms how long it took */
export function perSecond(count: number, ms: number): number {
  return perUnit(count, ms / 1000);
}

/** Ours by the library's, to two decimals; undefined where one of them was not measured. */
export function ratioOf(ours: number | undefined, libraryDefaults: number | undefined): number | undefined {
  return ours === undefined || !libraryDefaults ? undefined : Math.round((ours / libraryDefaults) * 100) / 100;
}

/** @throws RangeError where nothing was measured to divide by */
function perUnit(count: number, of: number): number {
  if (!(of > 0)) throw new RangeError(`${count} of ${of} is no rate`);
  return count / of;
}
