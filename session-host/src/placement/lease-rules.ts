import {
  heartbeatEveryMs,
  isFresh,
  isHeld,
  isSame,
  stopAfterMs,
  takeOverAfterMs,
  type Heartbeat,
  type KnownHost,
  type ReleasedTerm,
  type SeenHeartbeat,
  type ShardLease,
} from '@top-active/core/domain';
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
/** A host that lives for so long is given shards that others hold. One that starts over and over again isn't. */
const trustedAfterMs = 15_000;
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
  const held = new Map<number, number>();
  const leaving = new Set<number>();
  const releasedUpTo = new Map<number, number>();
  /** Those of them that others still have to be told of. */
  const published = new Map<number, number>();
  const seen = new Map<string, { heartbeat: SeenHeartbeat; since: number; instanceSince: number }>();
  const freeSince = new Map<number, number>();
  /** When the first host of a version began, of all that were ever seen, dead or alive. */
  const versionSince = new Map<string, number>();
  let renewedAt: number | undefined;
  let isOver = false;
  let isDraining = false;
  let distrustsUntil = -Infinity;

  function isValid(now: number): boolean {
    return !isOver && renewedAt !== undefined && now - renewedAt < stopAfterMs;
  }

  /** For how long a heartbeat is unchanged: from the answer that first showed it to the question that last did. */
  function unchangedFor(heartbeat: Heartbeat, askedAt: number): number {
    const known = seen.get(heartbeat.hostId);
    return known !== undefined && isSame(known.heartbeat, heartbeat) ? askedAt - known.since : 0;
  }

  function isSilent(heartbeat: Heartbeat, askedAt: number): boolean {
    return unchangedFor(heartbeat, askedAt) >= silentAfterMs;
  }

  function isOurs({ hostId: holder, instance: ofInstance }: { hostId: string; instance: string }): boolean {
    return holder === hostId && ofInstance === instance;
  }

  /** Given to this very instance, which doesn't know it: the answer got lost. */
  function isStranded(lease: ShardLease): boolean {
    return isOurs(lease) && !held.has(lease.shard) && lease.epoch > (releasedUpTo.get(lease.shard) ?? -1);
  }

  /** Undefined: somebody holds the shard. What is stranded is given again to who asks again. */
  function requestFor(shard: number, look: LeasesAnswer): Wanted | undefined {
    if (held.has(shard)) return undefined;
    const { lease, holder } = leaseOf(shard, look);
    if (!isHeld(lease, holder) || isStranded(lease)) return { shard };
    // Released a moment ago, and not stored when it was asked.
    if (isOurs(lease)) return undefined;
    return holder && isSilent(holder, look.askedAt) ? { shard, seen: pickSeen(holder) } : undefined;
  }

  function noteReleased(shard: number, epoch: number): void {
    releasedUpTo.set(shard, epoch);
    published.set(shard, epoch);
  }

  /** It has lived for long enough to be given what others hold, and to have seen others fall silent. */
  function isSettled({ hostId: id }: KnownHost, { askedAt }: LeasesAnswer): boolean {
    return askedAt - (seen.get(id)?.instanceSince ?? Infinity) >= trustedAfterMs;
  }

  /** The hosts among which shards are shared, and how many are each one's. */
  function shareAmong(look: LeasesAnswer, { onlySettled = false } = {}) {
    const isThere = (host: KnownHost) => isOurs(host) || (isFresh(host, look.wall) && !isSilent(host, look.askedAt));
    const hosts = look.heartbeats.filter(
      (host) => !host.draining && isThere(host) && (!onlySettled || isOurs(host) || isSettled(host, look)),
    );
    const heldBy = (host: KnownHost) =>
      isOurs(host)
        ? held.size - leaving.size
        : look.leases.filter((lease) => lease.hostId === host.hostId && isHeld(lease, host)).length;
    const sharers = hosts.map((host) => ({
      ...host,
      held: heldBy(host),
      versionSince: versionSince.get(host.version) ?? host.beganAt,
    }));
    const shares = shareOut(shards, sharers);
    return { sharers, own: isDraining ? 0 : (shares.get(hostId) ?? shards), of: (id: string) => shares.get(id) ?? 0 };
  }

  return {
    /** Epochs of the shards that this instance holds, while its term counts. */
    held: held as ReadonlyMap<number, number>,
    /** Those of them that it is about to release. */
    leaving: leaving as ReadonlySet<number>,
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
      for (const heartbeat of look.heartbeats) {
        const { version, beganAt } = heartbeat;
        versionSince.set(version, Math.min(versionSince.get(version) ?? Infinity, beganAt));
        const known = seen.get(heartbeat.hostId);
        if (known && isSame(known.heartbeat, heartbeat)) continue;
        const isSameLife = known?.heartbeat.instance === heartbeat.instance;
        seen.set(heartbeat.hostId, {
          heartbeat: pickSeen(heartbeat),
          since: look.answeredAt,
          instanceSince: isSameLife ? known.instanceSince : look.answeredAt,
        });
      }
      for (let shard = 0; shard < shards; shard++) {
        if (requestFor(shard, look)) freeSince.set(shard, freeSince.get(shard) ?? look.answeredAt);
        else freeSince.delete(shard);
        const { lease } = leaseOf(shard, look);
        // Somebody has taken it: epochs only grow, so this term is never asked about again.
        if (lease && lease.epoch > (published.get(shard) ?? Infinity)) published.delete(shard);
        if (isDraining && lease && isStranded(lease)) noteReleased(shard, lease.epoch);
      }
    },
    /**
     * Whether this instance may take the place of `own`, the newest heartbeat of the host it belongs to.
     * @param formerInstance one that is known to have ended
     */
    mayBegin(own: Heartbeat | undefined, { askedAt }: LeasesAnswer, formerInstance: string | undefined): boolean {
      if (own === undefined || own.ended || own.instance === formerInstance) return true;
      // Its own: the answer to its first heartbeat got lost.
      return own.instance === instance || isSilent(own, askedAt);
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
        holder !== undefined && unchangedFor(holder, look.askedAt) > heartbeatEveryMs + 1_000;
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
      const { sharers, own, of } = shareAmong(look);
      const lacking = sharers
        .filter((host) => !isOurs(host) && isSettled(host, look))
        .reduce((sum, host) => sum + Math.max(0, of(host.hostId) - host.held), 0);
      const underWay = leaving.size + published.size;
      const count = Math.min(stays.length - own, lacking - underWay);
      return count > 0 ? stays.slice(-count) : [];
    },
    took(taken: readonly { shard: number; epoch: number }[]): number[] {
      // An answer from before it released the shard is no answer any more.
      const news = taken.filter(({ shard, epoch }) => !held.has(shard) && epoch > (releasedUpTo.get(shard) ?? -1));
      for (const { shard, epoch } of news) held.set(shard, epoch);
      return news.map(({ shard }) => shard);
    },
    /** It begins to end whatever runs for the shard. */
    leave(shard: number): void {
      if (held.has(shard)) leaving.add(shard);
    },
    /** Its term over the shard is over: nothing may run for the shard any more. */
    release(shard: number): void {
      const epoch = held.get(shard);
      held.delete(shard);
      leaving.delete(shard);
      if (epoch !== undefined) noteReleased(shard, epoch);
    },
    /** What the next heartbeat tells others. */
    get released(): ReleasedTerm[] {
      return [...published].map(([shard, epoch]) => ({ shard, epoch }));
    },
  };
}

function leaseOf(shard: number, { leases, heartbeats }: LeasesAnswer) {
  const lease = leases.find((candidate) => candidate.shard === shard);
  return { lease, holder: heartbeats.find((candidate) => candidate.hostId === lease?.hostId) };
}

function pickSeen({ hostId, instance, beat }: Heartbeat): SeenHeartbeat {
  return { hostId, instance, beat };
}
