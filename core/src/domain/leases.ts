/**
 * Who may act for the users of a shard. A host proves that it lives by one heartbeat item; each shard's lease names the
 * host, and the instance of it, that took it. A lease is good for as long as its holder's heartbeat is, and doesn't say
 * that it was released.
 */

/** Milliseconds between two heartbeats. */
export const heartbeatEveryMs = 5_000;
/**
 * A host that got no heartbeat acknowledged for so long after it sent one ends its sessions; by its own, monotonic
 * clock.
 */
export const stopAfterMs = 10_000;
/**
 * What runs for others is gone by then, counted as `stopAfterMs` is: a host that is blocked or stopped is killed by its
 * supervisor. A fifth before others take over, by which clocks may run apart.
 */
export const killAfterMs = 12_000;
/**
 * Others may take over when a heartbeat hasn't changed for so long by their own clock; so no host need trust another's.
 */
export const takeOverAfterMs = 15_000;

export interface Heartbeat {
  /** Unique id of the host's IAM session (`aws:userid`): what AWS itself verifies, and confines its writes to. */
  hostId: string;
  /** New at each start of the host's process. */
  instance: string;
  /** Grows with each renewal. */
  beat: number;
  /** Unix time in milliseconds by the host's clock, when this renewal was sent. */
  sentAt: number;
  /** The host has ended in order: whatever it held is free at once. */
  ended: boolean;
  /** It hands over whatever it holds, and takes nothing more. */
  draining: boolean;
  /** Terms of this instance that it has ended by itself: their shards are free, while the host goes on. */
  released: readonly ReleasedTerm[];
}

/** A heartbeat with what its host says of itself. */
export interface KnownHost extends Heartbeat {
  /** Sessions at most. */
  capacity: number;
  /** Of the program that it runs. */
  version: string;
  /** Unix time in milliseconds by the host's clock, of the instance's first heartbeat. */
  beganAt: number;
}

/** Every term of the instance over the shard up to this epoch. */
export interface ReleasedTerm {
  shard: number;
  epoch: number;
}

export interface ShardLease {
  shard: number;
  hostId: string;
  instance: string;
  /** Number of the holder's term of office over the shard. Only ever grows. */
  epoch: number;
}

/** What somebody who wants a shard has seen of its holder, unchanged for `takeOverAfterMs`. */
export type SeenHeartbeat = Pick<Heartbeat, 'hostId' | 'instance' | 'beat'>;

/**
 * Whether the holder might still be at work: it hasn't ended, nor released the shard, and no later instance of it has
 * begun.
 */
export function isHeld(lease: ShardLease | undefined, holder: Heartbeat | undefined): lease is ShardLease {
  if (lease === undefined || holder === undefined || holder.ended || holder.instance !== lease.instance) return false;
  return !holder.released.some(({ shard, epoch }) => shard === lease.shard && epoch >= lease.epoch);
}

/** Whether a heartbeat counts for those who can't watch it for a while: by wall clocks, which AWS keeps in step. */
export function isFresh({ sentAt, ended }: Heartbeat, now: number): boolean {
  return !ended && Math.abs(now - sentAt) < takeOverAfterMs;
}

export function isSame(a: SeenHeartbeat, b: SeenHeartbeat): boolean {
  return a.hostId === b.hostId && a.instance === b.instance && a.beat === b.beat;
}

/**
 * Whether a shard can be given to another host: nobody holds it, or its holder is silent by the clocks of both giver
 * and taker.
 */
export function canTakeShard(options: {
  lease: ShardLease | undefined;
  holder: Heartbeat | undefined;
  /** Of the taker. */
  seen: SeenHeartbeat | undefined;
  /** Unix time in milliseconds, of the giver. */
  now: number;
}): boolean {
  const { lease, holder, seen, now } = options;
  if (!isHeld(lease, holder) || !holder) return true;
  return seen !== undefined && isSame(seen, holder) && !isFresh(holder, now);
}

/**
 * Whether a holder may take over a claim of an earlier term. A host that has lost its shard without knowing it may not.
 */
export function isLaterTerm(epoch: number, claimedEpoch: number | undefined): boolean {
  return claimedEpoch === undefined || claimedEpoch < epoch;
}

/** Whether a holder has lost the user to one of a later term: then its writes no longer count. */
export function hasLaterOwner(epoch: number, owner: number | undefined): boolean {
  return owner !== undefined && owner > epoch;
}

/**
 * Epoch of the next term. One more than the last would do, but for a table that was restored from a backup, or is new:
 * the time in seconds is later than every term before.
 */
export function nextEpoch(previous: number | undefined, now: number): number {
  return Math.max((previous ?? 0) + 1, Math.floor(now / 1000));
}
