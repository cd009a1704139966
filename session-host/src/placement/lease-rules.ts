import {
  heartbeatEveryMs,
  isFresh,
  isHeld,
  stopAfterMs,
  takeOverAfterMs,
  type Heartbeat,
  type KnownHost,
  type ReleasedTerm,
  type SeenHeartbeat,
  type ShardLease,
} from '@top-active/core/domain';
import { createOwnShards } from './own-shards.ts';
import { createSeenHeartbeats, pickSeen } from './seen-heartbeats.ts';
import { shareOut } from './shares.ts';

/** What the leases table said, and when it was asked. */
export interface LeasesAnswer {
  leases: readonly ShardLease[];
  heartbeats: readonly KnownHost[];
  /** Monotonic milliseconds: before the question left, after the answer came. */
  askedAt: number;
  answeredAt: number;
  /** Unix time in milliseconds when the answer came. */
  wall: number;
}

/** A shard that may be had; `seen`: its holder's heartbeat, which hasn't changed for long. */
export interface Wanted {
  shard: number;
  seen?: SeenHeartbeat | undefined;
}

/** A shard that was free for so long is anybody's: whoever it was meant for doesn't come. */
const patienceMs = 10_000;
/** Who had to take what was meant for others gives nothing away for so long. */
const distrustMs = 60_000;

/**
 * What one instance of a host knows of its own term and of others. No clock is read here: every moment is handed in, in
 * milliseconds of a monotonic clock.
 *
 * Why two hosts never act for one shard: a term counts for `stopAfterMs` from when its newest acknowledged heartbeat
 * was sent. Somebody else has seen that heartbeat after it was sent, and takes over `takeOverAfterMs` later at the
 * earliest. A heartbeat that arrives in between is seen by the takeover, which is conditional on there being none. So
 * clocks needn't agree, but must run alike: within a fifth of each other's speed. A term over one shard also ends when
 * it is released, for which nothing may run for the shard any more.
 *
 * How shards are shared is a matter of taste, not of safety: there the clocks of the day are believed.
 */
export function createLeaseRules(options: {
  hostId: string;
  instance: string;
  shards: number;
  /** How long a heartbeat must stand unchanged before its host counts as silent. */
  silentAfterMs?: number | undefined;
}) {
  const { hostId, instance, shards, silentAfterMs = takeOverAfterMs } = options;
  const own = createOwnShards();
  const { held, leaving } = own;
  const seen = createSeenHeartbeats({ silentAfterMs });
  const freeSince = new Map<number, number>();
  let renewedAt: number | undefined;
  let isOver = false;
  let isDraining = false;
  let distrustsUntil = -Infinity;

  function isValid(now: number): boolean {
    return !isOver && renewedAt !== undefined && now - renewedAt < stopAfterMs;
  }

  function isOurs({ hostId: holder, instance: ofInstance }: { hostId: string; instance: string }): boolean {
    return holder === hostId && ofInstance === instance;
  }

  /** Given to this very instance, which doesn't know it: the answer got lost. */
  function isStranded(lease: ShardLease): boolean {
    return isOurs(lease) && own.isNews(lease);
  }

  /** Undefined: somebody holds the shard. What is stranded is given again to who asks again. */
  function requestFor(shard: number, look: LeasesAnswer): Wanted | undefined {
    if (held.has(shard)) return undefined;
    const { lease, holder } = leaseOf(shard, look);
    if (!isHeld(lease, holder) || isStranded(lease)) return { shard };
    // Released a moment ago, and not stored when it was asked.
    if (isOurs(lease)) return undefined;
    return holder && seen.isSilent(holder, look.askedAt) ? { shard, seen: pickSeen(holder) } : undefined;
  }

  /** The hosts among which shards are shared, and how many are each one's. */
  function shareAmong(look: LeasesAnswer, { onlySettled = false } = {}) {
    const isThere = (host: KnownHost) =>
      isOurs(host) || (isFresh(host, look.wall) && !seen.isSilent(host, look.askedAt));
    const hosts = look.heartbeats.filter(
      (host) => !host.draining && isThere(host) && (!onlySettled || isOurs(host) || seen.isSettled(host, look.askedAt)),
    );
    const heldBy = (host: KnownHost) =>
      isOurs(host)
        ? held.size - leaving.size
        : look.leases.filter((lease) => lease.hostId === host.hostId && isHeld(lease, host)).length;
    const sharers = hosts.map((host) => ({
      ...host,
      held: heldBy(host),
      versionSince: seen.versionSince(host),
    }));
    const shares = shareOut(shards, sharers);
    return { sharers, own: isDraining ? 0 : (shares.get(hostId) ?? shards), of: (id: string) => shares.get(id) ?? 0 };
  }

  return {
    /** Epochs of the shards that this instance holds, while its term counts. */
    held,
    /** Those of them that it is about to release. */
    leaving,
    isValid,
    /** When the newest acknowledged heartbeat was sent. Undefined: the term hasn't begun. */
    get renewedAt() {
      return renewedAt;
    },
    get isDraining() {
      return isDraining;
    },
    /** For good: an instance whose term is over never comes back. */
    end(): void {
      isOver = true;
    },
    /** From now on it takes nothing, and everything that it holds is for others. */
    drain(): void {
      isDraining = true;
    },
    saw(look: LeasesAnswer): void {
      seen.saw(look.heartbeats, look);
      for (let shard = 0; shard < shards; shard++) {
        if (requestFor(shard, look)) freeSince.set(shard, freeSince.get(shard) ?? look.answeredAt);
        else freeSince.delete(shard);
        const { lease } = leaseOf(shard, look);
        if (!lease) continue;
        own.noteEpoch(lease);
        if (isDraining && isStranded(lease)) own.refuse(lease);
      }
    },
    /**
     * Whether this instance may take the place of `newest`, the newest heartbeat of the host it belongs to.
     * @param formerInstance one that is known to have ended
     */
    mayBegin(newest: Heartbeat | undefined, { askedAt }: LeasesAnswer, formerInstance: string | undefined): boolean {
      if (newest === undefined || newest.ended || newest.instance === formerInstance) return true;
      // Its own: the answer to its first heartbeat got lost.
      return newest.instance === instance || seen.isSilent(newest, askedAt);
    },
    /** A heartbeat that was sent at `sentAt` is stored. Of no effect when the term has ended before we heard of it. */
    acknowledged(sentAt: number, now: number): void {
      if (renewedAt !== undefined && !isValid(now)) return;
      renewedAt = Math.max(renewedAt ?? sentAt, sentAt);
    },
    /** What is free, up to its share; and whatever nobody has taken for long. */
    wanted(look: LeasesAnswer): Wanted[] {
      if (isDraining) return [];
      const free = Array.from({ length: shards }, (_, shard) => shard).flatMap(
        (shard) => requestFor(shard, look) ?? [],
      );
      // Who has just come hasn't seen that a holder is silent, and can't take its shards yet: nobody waits for it.
      const onlySettled = free.some(({ seen: silent }) => silent !== undefined);
      const room = Math.max(0, shareAmong(look, { onlySettled }).own - held.size);
      const isOverdue = ({ shard }: Wanted) => look.askedAt - (freeSince.get(shard) ?? Infinity) >= patienceMs;
      if (free.some(isOverdue)) distrustsUntil = look.askedAt + distrustMs;
      return [...free.filter(isOverdue), ...free.filter((one) => !isOverdue(one)).slice(0, room)];
    },
    /** Whether it should look again soon: it holds less than its share, or another host seems to be silent. */
    shouldLookAgainSoon(look: LeasesAnswer): boolean {
      const isLate = (holder: Heartbeat | undefined) =>
        holder !== undefined && seen.unchangedFor(holder, look.askedAt) > heartbeatEveryMs + 1_000;
      return (
        held.size < shareAmong(look).own ||
        look.leases.some((lease) => isLate(leaseOf(lease.shard, look).holder) && !isOurs(lease))
      );
    },
    /** What it should hand over: as much as it holds above its share, and others have room for; all when it drains. */
    surplus(look: LeasesAnswer): number[] {
      const stays = [...held.keys()].filter((shard) => !leaving.has(shard));
      if (isDraining) return stays;
      if (look.askedAt < distrustsUntil) return [];
      const { sharers, own: share, of } = shareAmong(look);
      const lacking = sharers
        .filter((host) => !isOurs(host) && seen.isSettled(host, look.askedAt))
        .reduce((sum, host) => sum + Math.max(0, of(host.hostId) - host.held), 0);
      const underWay = leaving.size + own.released.length;
      const count = Math.min(stays.length - share, lacking - underWay);
      return count > 0 ? stays.slice(-count) : [];
    },
    took: (...terms: Parameters<typeof own.took>) => own.took(...terms),
    leave: (...terms: Parameters<typeof own.leave>) => own.leave(...terms),
    release: (...terms: Parameters<typeof own.release>) => own.release(...terms),
    /** What the next heartbeat tells others. */
    get released(): ReleasedTerm[] {
      return own.released;
    },
  };
}

function leaseOf(shard: number, { leases, heartbeats }: LeasesAnswer) {
  const lease = leases.find((candidate) => candidate.shard === shard);
  return { lease, holder: heartbeats.find((candidate) => candidate.hostId === lease?.hostId) };
}
