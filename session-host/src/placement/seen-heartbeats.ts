import { isSame, type Heartbeat, type KnownHost, type SeenHeartbeat } from '@top-active/core/domain';

/** A host that lives for so long is given shards that others hold. One that starts over and over again isn't. */
const trustedAfterMs = 15_000;

/** What one instance of a host has seen of heartbeats. Moments are those of its own monotonic clock. */
export interface SeenHeartbeats {
  /** @param options.answeredAt when the answer came that shows them */
  saw(heartbeats: readonly KnownHost[], options: { answeredAt: number }): void;
  /** For how long a heartbeat is unchanged: from the answer that first showed it to the question that last did. */
  unchangedFor(heartbeat: Heartbeat, askedAt: number): number;
  /** It stands unchanged for so long that its host counts as silent. */
  isSilent(heartbeat: Heartbeat, askedAt: number): boolean;
  /** Its host has lived long enough to be given what others hold, and to have seen others fall silent. */
  isSettled(host: KnownHost, askedAt: number): boolean;
  /** When the first host of its version began, of all that were ever seen, dead or alive. */
  versionSince(host: KnownHost): number;
}

export function createSeenHeartbeats({ silentAfterMs }: { silentAfterMs: number }): SeenHeartbeats {
  const seen = new Map<string, { heartbeat: SeenHeartbeat; since: number; instanceSince: number }>();
  const versions = new Map<string, number>();

  function unchangedFor(heartbeat: Heartbeat, askedAt: number): number {
    const known = seen.get(heartbeat.hostId);
    return known !== undefined && isSame(known.heartbeat, heartbeat) ? askedAt - known.since : 0;
  }

  return {
    saw(heartbeats, { answeredAt }) {
      for (const heartbeat of heartbeats) {
        const { hostId, version, beganAt, instance } = heartbeat;
        versions.set(version, Math.min(versions.get(version) ?? Infinity, beganAt));
        const known = seen.get(hostId);
        if (known && isSame(known.heartbeat, heartbeat)) continue;
        const isSameLife = known?.heartbeat.instance === instance;
        seen.set(hostId, {
          heartbeat: pickSeen(heartbeat),
          since: answeredAt,
          instanceSince: isSameLife ? known.instanceSince : answeredAt,
        });
      }
    },
    unchangedFor,
    isSilent: (heartbeat, askedAt) => unchangedFor(heartbeat, askedAt) >= silentAfterMs,
    isSettled: ({ hostId }, askedAt) => askedAt - (seen.get(hostId)?.instanceSince ?? Infinity) >= trustedAfterMs,
    versionSince: ({ version, beganAt }) => versions.get(version) ?? beganAt,
  };
}

/** What tells one heartbeat from another. */
export function pickSeen({ hostId, instance, beat }: Heartbeat): SeenHeartbeat {
  return { hostId, instance, beat };
}
