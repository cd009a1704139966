import {
  isHeld,
  isSame,
  stopAfterMs,
  takeOverAfterMs,
  type Heartbeat,
  type SeenHeartbeat,
  type ShardLease,
} from '@top-active/core/domain';

/** What the leases table said, and when it was asked. */
export interface Look {
  leases: readonly ShardLease[];
  heartbeats: readonly Heartbeat[];
  /** Monotonic milliseconds: before the question left, after the answer came. */
  askedAt: number;
  answeredAt: number;
}

/** A shard that may be had; `seen`: its holder's heartbeat, which hasn't changed for long. */
export interface Wanted {
  shard: number;
  seen?: SeenHeartbeat | undefined;
}

/**
 * What one instance of a host knows of its own term and of others. No clock is read here: every moment is handed in, in
 * milliseconds of a monotonic clock.
 *
 * Why two hosts never act for one shard: a term counts for `stopAfterMs` from when its newest acknowledged heartbeat was
 * sent. Somebody else has seen that heartbeat after it was sent, and takes over `takeOverAfterMs` later at the earliest. A
 * heartbeat that arrives in between is seen by the takeover, which is conditional on there being none. So clocks needn't agree,
 * but must run alike: within a fifth of each other's speed.
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
  const seen = new Map<string, { heartbeat: SeenHeartbeat; since: number }>();
  let renewedAt: number | undefined;
  let isOver = false;

  function isValid(now: number): boolean {
    return !isOver && renewedAt !== undefined && now - renewedAt < stopAfterMs;
  }

  /** Unchanged from the answer that first showed it to the question that last did. */
  function isSilent(heartbeat: Heartbeat, askedAt: number): boolean {
    const known = seen.get(heartbeat.hostId);
    return known !== undefined && isSame(known.heartbeat, heartbeat) && askedAt - known.since >= silentAfterMs;
  }

  return {
    /** Epochs of the shards that this instance holds, while its term counts. */
    held: held as ReadonlyMap<number, number>,
    isValid,
    /** When the newest acknowledged heartbeat was sent. Undefined: the term hasn't begun. */
    get renewedAt() {
      return renewedAt;
    },
    /** For good: an instance whose term is over never comes back. */
    end(): void {
      isOver = true;
    },
    saw({ heartbeats, answeredAt }: Look): void {
      for (const heartbeat of heartbeats) {
        const known = seen.get(heartbeat.hostId);
        if (known && isSame(known.heartbeat, heartbeat)) continue;
        seen.set(heartbeat.hostId, { heartbeat: pickSeen(heartbeat), since: answeredAt });
      }
    },
    /**
     * Whether this instance may take the place of `own`, the newest heartbeat of the host it belongs to.
     * @param formerInstance one that is known to have ended
     */
    mayBegin(own: Heartbeat | undefined, { askedAt }: Look, formerInstance: string | undefined): boolean {
      if (own === undefined || own.ended || own.instance === formerInstance) return true;
      // Its own: the answer to its first heartbeat got lost.
      return own.instance === instance || isSilent(own, askedAt);
    },
    /** A heartbeat that was sent at `sentAt` is stored. Of no effect when the term has ended before we heard of it. */
    acknowledged(sentAt: number, now: number): void {
      if (renewedAt !== undefined && !isValid(now)) return;
      renewedAt = Math.max(renewedAt ?? sentAt, sentAt);
    },
    wanted({ leases, heartbeats, askedAt }: Look): Wanted[] {
      return Array.from({ length: shards }, (_, shard) => shard).flatMap((shard): Wanted[] => {
        if (held.has(shard)) return [];
        const lease = leases.find((candidate) => candidate.shard === shard);
        const holder = heartbeats.find((candidate) => candidate.hostId === lease?.hostId);
        // Held by this very instance: its answer got lost, and asking again is answered again.
        if (!isHeld(lease, holder) || lease.hostId === hostId) return [{ shard }];
        return holder && isSilent(holder, askedAt) ? [{ shard, seen: seen.get(holder.hostId)?.heartbeat }] : [];
      });
    },
    took(taken: readonly { shard: number; epoch: number }[]): void {
      for (const { shard, epoch } of taken) held.set(shard, epoch);
    },
  };
}

function pickSeen({ hostId, instance, beat }: Heartbeat): SeenHeartbeat {
  return { hostId, instance, beat };
}
