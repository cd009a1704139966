import { OtherShardsError, type HostAccess, type HostLeases, type Log } from '@top-active/aws';
import { heartbeatEveryMs, stopAfterMs, type Heartbeat } from '@top-active/core/domain';
import { createLeaseRules, type LeasesAnswer, type Wanted } from './lease-rules.ts';

/** Time as a host has it; in tests another. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Unix time in milliseconds. */
  wall(): number;
  /** Earlier when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface LeaseKeeperOptions {
  hostId: string;
  /** New at each start of the process. */
  instance: string;
  /** An instance that is known to have ended, so that it needn't be waited for. */
  formerInstance: string | undefined;
  shards: number;
  /** As `takeOverAfterMs`; other values break the protocol, which a test does. */
  silentAfterMs?: number | undefined;
  leases: HostLeases;
  takeShards: HostAccess['takeShards'];
  clock: Clock;
  /** A heartbeat that was sent at `sentAt`, by the clock, was acknowledged. */
  onRenewed: (sentAt: number) => void;
  onTaken: (shards: readonly number[]) => void;
  /** Ends whatever runs for the shard, saved so that another host can go on with it. Tried again when it rejects. */
  onLeaving: (shard: number) => Promise<void>;
  /** The term is over, not by `end`: whatever runs for others must end at once. Called once at most. */
  onOver: (reason: string) => void;
  log: Log;
}

/** Gets and keeps the leases of a host's shards. */
export interface LeaseKeeper {
  /**
   * Resolves when the host's term has begun and it has asked for shards once.
   * @throws when it could not begin within a minute
   */
  start(): Promise<void>;
  /** Epoch of the host's term over a shard; undefined when it doesn't hold it, now. */
  epochOf(shard: number): number | undefined;
  /** Whether it holds a shard, and won't release it soon. */
  keeps(shard: number): boolean;
  /**
   * Takes nothing more, and hands over what it holds shard by shard, some at once. Resolves when it holds nothing, or
   * its term is over.
   */
  drain(): Promise<void>;
  readonly held: readonly number[];
  /** Milliseconds since the newest acknowledged heartbeat was sent; undefined before the first. */
  readonly age: number | undefined;
  /** Gives up what it holds, for others to take at once. Nothing may run for anybody any more. */
  end(): Promise<void>;
}

const askAgainAfterMs = 1_000;
const arriveWithinMs = 60_000;
/** Who takes them starts four browsers at once. */
const handOversAtOnce = 4;

export function createLeaseKeeper(options: LeaseKeeperOptions): LeaseKeeper {
  const { hostId, instance, leases, clock, log } = options;
  const rules = createLeaseRules(options);
  const stopping = new AbortController();
  const { signal } = stopping;
  let beat = 0;
  let isNewsForOthers = false;
  let wakeRenewal: (() => void) | undefined;
  const handOvers = new Set<Promise<void>>();

  function nextHeartbeat(): Heartbeat {
    beat += 1;
    const { isDraining: draining, released } = rules;
    return { hostId, instance, beat, sentAt: clock.wall(), ended: false, draining, released };
  }

  function acknowledged(sentAt: number): void {
    rules.acknowledged(sentAt, clock.now());
    // One that came too late extends nothing.
    if (rules.isValid(clock.now())) options.onRenewed(sentAt);
  }

  function over(reason: string): void {
    if (signal.aborted) return;
    rules.end();
    stopping.abort();
    options.onOver(reason);
  }

  async function look(): Promise<LeasesAnswer> {
    const askedAt = clock.now();
    const { shards, ...answer } = await leases.look();
    if (shards !== undefined && shards !== options.shards)
      throw new OtherShardsError({ configured: options.shards, recorded: shards });
    const seen = { ...answer, askedAt, answeredAt: clock.now(), wall: clock.wall() };
    rules.saw(seen);
    return seen;
  }

  async function arrive(): Promise<void> {
    const deadline = clock.now() + arriveWithinMs;
    while (!signal.aborted) {
      try {
        const seen = await look();
        const own = seen.heartbeats.find((heartbeat) => heartbeat.hostId === hostId);
        const sentAt = clock.now();
        if (rules.mayBegin(own, seen, options.formerInstance) && (await leases.begin(nextHeartbeat(), own)))
          return acknowledged(sentAt);
        log.info('Another instance of this host may still be running');
      } catch (error) {
        log.warn('The leases could not be read', {}, error);
        if (clock.now() > deadline || error instanceof OtherShardsError) throw error;
      }
      if (clock.now() > deadline) throw new Error('Another instance of this host is at work');
      await clock.sleep(askAgainAfterMs, signal);
    }
  }

  async function renew(): Promise<void> {
    let pause = heartbeatEveryMs;
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => (wakeRenewal = resolve));
      if (!isNewsForOthers) await Promise.race([clock.sleep(pause, signal), woken]);
      if (signal.aborted) return;
      isNewsForOthers = false;
      const sentAt = clock.now();
      try {
        if (!(await leases.renew(nextHeartbeat()))) return over('Another instance of this host has begun');
        acknowledged(sentAt);
        pause = Math.max(0, sentAt + heartbeatEveryMs - clock.now());
      } catch (error) {
        log.warn('A heartbeat was not acknowledged', {}, error);
        // What it had to tell is told by the next one.
        pause = askAgainAfterMs;
      }
    }
  }

  async function watchEnd(): Promise<void> {
    while (!signal.aborted) {
      const left = (rules.renewedAt ?? 0) + stopAfterMs - clock.now();
      if (left <= 0) return over('No heartbeat was acknowledged in time');
      await clock.sleep(left, signal);
    }
  }

  /** @returns whether to look again soon */
  async function share(): Promise<boolean> {
    try {
      const seen = await look();
      if (signal.aborted) return false;
      handOver(rules.surplus(seen));
      const wanted = rules.wanted(seen);
      if (wanted.length > 0) await take(wanted);
      return rules.shouldLookAgainSoon(seen);
    } catch (error) {
      log.warn('The request for shards failed', {}, error);
      return rules.held.size === 0;
    }
  }

  async function take(wanted: readonly Wanted[]): Promise<void> {
    const { taken } = await options.takeShards({ instance, shards: [...wanted] });
    if (signal.aborted) return;
    const shards = rules.took(taken);
    if (shards.length === 0) return;
    log.info('Shards are held', { taken: shards.length, held: rules.held.size });
    // Asked for before it was told to drain.
    if (rules.isDraining) release(shards);
    else options.onTaken(shards);
  }

  function release(shards: readonly number[]): void {
    for (const shard of shards) rules.release(shard);
    tellOthers();
  }

  /** By a heartbeat at once; one at a time, so that an earlier one never comes after a later one. */
  function tellOthers(): void {
    isNewsForOthers = true;
    wakeRenewal?.();
  }

  function handOver(surplus: readonly number[]): void {
    for (const shard of surplus.slice(0, Math.max(0, handOversAtOnce - rules.leaving.size))) {
      rules.leave(shard);
      const ending = endAndRelease(shard).finally(() => handOvers.delete(ending));
      handOvers.add(ending);
    }
  }

  async function endAndRelease(shard: number): Promise<void> {
    while (!signal.aborted) {
      try {
        await options.onLeaving(shard);
        if (signal.aborted) return;
        release([shard]);
        return log.info('A shard is handed over', { shard, held: rules.held.size });
      } catch (error) {
        log.error('A shard could not be handed over', { shard }, error);
        await clock.sleep(askAgainAfterMs, signal);
      }
    }
  }

  async function keepSharing(soon: boolean): Promise<void> {
    let isSoon = soon;
    while (!signal.aborted) {
      await clock.sleep(isSoon ? askAgainAfterMs : heartbeatEveryMs, signal);
      if (!signal.aborted) isSoon = await share();
    }
  }

  return {
    async start() {
      await arrive();
      if (signal.aborted) return;
      for (const loop of [renew, watchEnd]) void loop();
      void keepSharing(await share());
    },
    epochOf: (shard) => (rules.isValid(clock.now()) ? rules.held.get(shard) : undefined),
    keeps: (shard) => rules.isValid(clock.now()) && rules.held.has(shard) && !rules.leaving.has(shard),
    async drain() {
      rules.drain();
      tellOthers();
      const over = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      while (!signal.aborted && rules.held.size > 0) {
        handOver([...rules.held.keys()].filter((shard) => !rules.leaving.has(shard)));
        await Promise.race([...handOvers, over]);
      }
    },
    get held() {
      return rules.isValid(clock.now()) ? [...rules.held.keys()] : [];
    },
    get age() {
      return rules.renewedAt === undefined ? undefined : clock.now() - rules.renewedAt;
    },
    async end() {
      rules.end();
      stopping.abort();
      if (rules.renewedAt !== undefined) await leases.end({ hostId, instance });
    },
  };
}
