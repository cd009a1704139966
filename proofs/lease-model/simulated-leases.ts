import type { HostAccess, HostLeases } from '@top-active/aws';
import {
  isFresh,
  isHeld,
  isLaterTerm,
  hasLaterOwner,
  isSame,
  canTakeShard,
  nextEpoch,
  type Heartbeat,
  type KnownHost,
  type SeenHeartbeat,
  type ShardLease,
} from '@top-active/core/domain';
import type { Variant } from './variant.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** What becomes of one request: its way there and back, in milliseconds; what is lost comes never. */
export interface Trip {
  thereMs: number | 'lost';
  backMs: number | 'lost';
}

const timeoutMs = 4_000;

/** The leases table and the function that gives out shards, with a network in front that loses and delays. */
export function createSimulatedLeases(
  time: SimulatedTime,
  {
    shards,
    skewMs,
    trustsTakers,
    variant,
  }: {
    shards: number;
    skewMs: number;
    /** The giver doesn't look at the time a holder's heartbeat was sent: what the taker has seen must be enough. */
    trustsTakers: boolean;
    variant?: Variant | undefined;
  },
) {
  const heartbeats = new Map<string, KnownHost>();
  const leases = new Map<number, ShardLease>();
  /** Of one command per shard: who claimed it last, by the epoch. */
  const claims = new Map<number, number>();
  let refusedClaims = 0;
  /** Of one user per shard: the epoch of the host that has claimed the user, as it stands in the user's counter. */
  const owners = new Map<number, number>();
  let refusedWrites = 0;
  const faults: string[] = [];
  const wall = () => 1_790_000_000_000 + time.now + skewMs;

  function renewable(heartbeat: Heartbeat): boolean {
    const stored = heartbeats.get(heartbeat.hostId);
    return stored?.instance === heartbeat.instance && stored.beat <= heartbeat.beat && !stored.ended;
  }

  function take(options: {
    hostId: string;
    instance: string;
    wanted: readonly { shard: number; seen?: SeenHeartbeat | undefined }[];
  }) {
    const { hostId, instance, wanted } = options;
    const taker = heartbeats.get(hostId);
    if (taker?.instance !== instance || !isFresh(taker, wall())) throw new Error('refused');
    return {
      taken: wanted.flatMap(({ shard, seen }) => {
        const lease = leases.get(shard);
        if (lease?.hostId === hostId && isHeld(lease, taker)) return [{ shard, epoch: lease.epoch }];
        const holder = lease && heartbeats.get(lease.hostId);
        if (!canTakeShard({ lease, holder, seen, now: trustsTakers ? Infinity : wall() })) return [];
        const epoch = nextEpoch(lease?.epoch, wall());
        if (lease && epoch <= lease.epoch) faults.push(`epoch of shard ${shard} went from ${lease.epoch} to ${epoch}`);
        leases.set(shard, { shard, hostId, instance, epoch });
        return [{ shard, epoch }];
      }),
    };
  }

  function claim(shard: number, epoch: number): void {
    const former = claims.get(shard);
    if (variant !== 'no epoch check' && !isLaterTerm(epoch, former)) {
      if (former !== epoch) refusedClaims++;
      return;
    }
    if (former !== undefined && epoch < former)
      faults.push(`a claim under epoch ${epoch} followed one under ${former}`);
    claims.set(shard, epoch);
  }

  /** False: a host of a later term has the user. */
  function claimUser(shard: number, epoch: number): boolean {
    if (hasLaterOwner(epoch, owners.get(shard))) return false;
    owners.set(shard, epoch);
    return true;
  }

  /** A message, or the link state. */
  function write(shard: number, epoch: number): void {
    const owner = owners.get(shard);
    if (!hasLaterOwner(epoch, owner)) return;
    if (variant === 'no fence') faults.push(`a write under epoch ${epoch} followed a claim of the user under ${owner}`);
    else refusedWrites++;
  }

  return {
    get refusedClaims() {
      return refusedClaims;
    },
    get refusedWrites() {
      return refusedWrites;
    },
    faults,
    leases: leases as ReadonlyMap<number, ShardLease>,
    shards,
    /** The ends of one host. `run`: how answers reach it, if they do. */
    connect({
      hostId,
      version,
      run,
      trip,
    }: {
      hostId: string;
      version: string;
      run: (work: () => void) => void;
      trip: () => Trip;
    }): {
      leases: HostLeases;
      takeShards: HostAccess['takeShards'];
      /** Claims the command of a shard. Nobody waits for the answer. */
      claim: (shard: number, epoch: number) => void;
      claimUser: (shard: number, epoch: number) => Promise<boolean>;
      /** Nobody waits for the answer. */
      write: (shard: number, epoch: number) => void;
    } {
      function call<T>(work: () => T): Promise<T> {
        const { thereMs, backMs } = trip();
        return new Promise<T>((resolve, reject) => {
          time.after(timeoutMs, () => run(() => reject(new Error('timed out'))));
          if (thereMs === 'lost') return;
          time.after(thereMs, () => {
            const result = Promise.resolve().then(work);
            // It may have to be waited for until the answer arrives, and that may be never.
            result.catch(() => undefined);
            if (backMs !== 'lost') time.after(backMs, () => run(() => void result.then(resolve, reject)));
          });
        });
      }

      return {
        leases: {
          look: () => call(() => ({ leases: [...leases.values()], heartbeats: [...heartbeats.values()], shards })),
          begin: (heartbeat, replacing) =>
            call(() => {
              const stored = heartbeats.get(hostId);
              if (stored && !(replacing && isSame(stored, replacing))) return false;
              heartbeats.set(hostId, { ...heartbeat, version, capacity: 1, beganAt: heartbeat.sentAt });
              return true;
            }),
          renew: (heartbeat) =>
            call(() => {
              const stored = heartbeats.get(hostId);
              if (!stored || !renewable(heartbeat)) return false;
              heartbeats.set(hostId, { ...stored, ...heartbeat });
              return true;
            }),
          end: ({ instance }) =>
            call(() => {
              const stored = heartbeats.get(hostId);
              if (stored?.instance === instance) heartbeats.set(hostId, { ...stored, ended: true });
            }),
        },
        // Whether an answer came is nobody's business: what was done to the leases is what is checked.
        claim: (shard, epoch) => void call(async () => claim(shard, epoch)).catch(() => undefined),
        claimUser: (shard, epoch) => call(() => claimUser(shard, epoch)),
        write: (shard, epoch) => void call(() => write(shard, epoch)).catch(() => undefined),
        takeShards: ({ instance, shards: wanted }) => call(() => take({ hostId, instance, wanted })),
      };
    },
  };
}

export type SimulatedLeases = ReturnType<typeof createSimulatedLeases>;
