/** One of the hosts among which the shards are shared. */
export interface Sharer {
  hostId: string;
  /** Shards that it holds. */
  held: number;
  capacity: number;
  version: string;
  /**
   * When the first host of the version began, in Unix milliseconds: one that was started anew doesn't make it newer.
   */
  versionSince: number;
}

/**
 * How many of the shards each host should hold. Those of the newest version share them evenly as soon as they can run
 * as many sessions as the others, to which nothing is left then; until then all of them do. What can't be divided stays
 * where most is, so that nothing moves that need not.
 */
export function shareOut(shards: number, hosts: readonly Sharer[]): Map<string, number> {
  const sharers = ofNewestVersion(hosts).toSorted((a, b) => b.held - a.held || (a.hostId < b.hostId ? -1 : 1));
  const each = Math.floor(shards / sharers.length);
  const left = shards - each * sharers.length;
  return new Map([
    ...hosts.map(({ hostId }) => [hostId, 0] as const),
    ...sharers.map(({ hostId }, i) => [hostId, i < left ? each + 1 : each] as const),
  ]);
}

function ofNewestVersion(hosts: readonly Sharer[]): readonly Sharer[] {
  const newest = hosts.toSorted((a, b) => b.versionSince - a.versionSince)[0];
  const newer = hosts.filter(({ version }) => version === newest?.version);
  const older = hosts.filter(({ version }) => version !== newest?.version);
  return capacityOf(newer) >= capacityOf(older) ? newer : hosts;
}

function capacityOf(hosts: readonly Sharer[]): number {
  return hosts.reduce((sum, { capacity }) => sum + capacity, 0);
}
