import type { HostAccess, HostLeases, Log } from '@top-active/aws';
import { heartbeatEveryMs, stopAfterMs, type Heartbeat } from '@top-active/core/domain';
import { createLeaseRules, type Look } from './lease-rules.ts';

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
  readonly held: readonly number[];
  /** Milliseconds since the newest acknowledged heartbeat was sent; undefined before the first. */
  readonly age: number | undefined;
  /** Gives up what it holds, for others to take at once. Nothing may run for anybody any more. */
  end(): Promise<void>;
}

const askAgainAfterMs = 1_000;
const arriveWithinMs = 60_000;

export function createLeaseKeeper(options: LeaseKeeperOptions): LeaseKeeper {
  const { hostId, instance, leases, clock, log } = options;
  const rules = createLeaseRules(options);
  const stopping = new AbortController();
  const { signal } = stopping;
  let beat = 0;

  function nextHeartbeat(): Heartbeat {
    beat += 1;
    return { hostId, instance, beat, sentAt: clock.wall(), ended: false };
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

  async function look(): Promise<Look> {
    const askedAt = clock.now();
    const seen = { ...(await leases.look()), askedAt, answeredAt: clock.now() };
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
        log.info('Another instance of this host may still be at work');
      } catch (error) {
        log.warn('The leases could not be read', {}, error);
        if (clock.now() > deadline) throw error;
      }
      if (clock.now() > deadline) throw new Error('Another instance of this host is at work');
      await clock.sleep(askAgainAfterMs, signal);
    }
  }

  async function renew(): Promise<void> {
    let pause = heartbeatEveryMs;
    while (!signal.aborted) {
      await clock.sleep(pause, signal);
      if (signal.aborted) return;
      const sentAt = clock.now();
      try {
        if (!(await leases.renew(nextHeartbeat()))) return over('Another instance of this host has begun');
        acknowledged(sentAt);
        pause = Math.max(0, sentAt + heartbeatEveryMs - clock.now());
      } catch (error) {
        log.warn('A heartbeat was not acknowledged', {}, error);
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

  async function takeWhatIsFree(): Promise<void> {
    try {
      const wanted = rules.wanted(await look());
      if (wanted.length === 0 || signal.aborted) return;
      const { taken } = await options.takeShards({ instance, shards: wanted });
      if (signal.aborted || taken.length === 0) return;
      rules.took(taken);
      log.info('Shards are held', { taken: taken.length, held: rules.held.size });
      options.onTaken(taken.map(({ shard }) => shard));
    } catch (error) {
      log.warn('Shards could not be asked for', {}, error);
    }
  }

  async function take(): Promise<void> {
    while (!signal.aborted && rules.held.size < options.shards) {
      await clock.sleep(rules.held.size === 0 ? askAgainAfterMs : heartbeatEveryMs, signal);
      if (!signal.aborted) await takeWhatIsFree();
    }
  }

  return {
    async start() {
      await arrive();
      if (signal.aborted) return;
      for (const loop of [renew, watchEnd]) void loop();
      await takeWhatIsFree();
      void take();
    },
    epochOf: (shard) => (rules.isValid(clock.now()) ? rules.held.get(shard) : undefined),
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
