import { logger } from '@top-active/aws';
import { killAfterMs } from '@top-active/core/domain';
import { createLeaseKeeper, type LeaseKeeper } from '@top-active/session-host/placement/lease-keeper';
import type { SimulatedLeases, Trip } from './simulated-leases.ts';
import { createSimulatedClock, type SimulatedTime } from './simulated-time.ts';
import type { Variant } from './variant.ts';

export interface SimulatedHost {
  readonly instance: string;
  /** Undefined: gone, or it doesn't hold the shard. */
  epochOf(shard: number): number | undefined;
  readonly isGone: boolean;
  /** Whether browsers of a shard's users run, whatever the worker knows or does. */
  hasBrowsers(shard: number): boolean;
  /** Its supervisor had to kill it. */
  readonly wasKilled: boolean;
  /** Nothing of the worker runs for so long; then all that was due at once. Its browsers and its supervisor go on. */
  pause(ms: number): void;
  kill(): void;
  /** Told to end: hands over shard by shard, and ends. */
  drain(): void;
  /** At once, in order; true when others know. */
  end(): Promise<boolean>;
  readonly version: string;
  readonly isDraining: boolean;
  /** How many shards it has handed over. */
  readonly released: number;
}

const silent = { ...logger, debug: ignore, info: ignore, warn: ignore, error: ignore };

const closingMs = 1_500;
const workEveryMs = 3_000;
const tooEarlyMs = 6_000;

function ignore(): void {}

/**
 * The real keeper of leases, in a worker that may stand still or die, with a supervisor and browsers beside it. It ends
 * when its term does; its browsers need a while for that.
 */
export function startSimulatedHost(options: {
  time: SimulatedTime;
  table: SimulatedLeases;
  hostId: string;
  instance: string;
  formerInstance?: string | undefined;
  rate: number;
  skewMs: number;
  trip: () => Trip;
  version: string;
  variant?: Variant | undefined;
}): SimulatedHost {
  const { time, table, hostId, instance, trip, version, variant } = options;
  const browsers = new Set<number>();
  /**
   * Of the shards whose users it has claimed. What it writes for them carries this, whatever has become of its term.
   */
  const claimed = new Map<number, number>();
  let isGone = false;
  let wasKilled = false;
  let isDraining = false;
  let released = 0;
  let killAt = Infinity;
  let pausedUntil = 0;

  function run(work: () => void): void {
    if (isGone) return;
    if (time.now < pausedUntil) time.after(pausedUntil - time.now, () => run(work));
    else work();
  }

  function die(): void {
    isGone = true;
    browsers.clear();
  }

  /** What the supervisor knows; it has the machine's clock. */
  function extendDeadline(sentAt: number): void {
    killAt = sentAt + killAfterMs;
    const mine = killAt;
    time.after(mine / options.rate - time.now, () => {
      if (mine !== killAt || variant === 'no supervisor' || (isGone && browsers.size === 0)) return;
      wasKilled = true;
      die();
    });
  }

  function over(): void {
    isGone = true;
    time.after(closingMs / options.rate, die);
  }

  /** As a host does all the time for the shards that it thinks it holds. */
  function work(): void {
    if (isGone) return;
    for (let shard = 0; shard < table.shards; shard++) {
      const epoch = keeper.epochOf(shard);
      if (epoch !== undefined) claim(shard, epoch);
    }
    for (const [shard, epoch] of claimed) write(shard, epoch);
    time.after(workEveryMs, () => run(work));
  }

  async function claimUsers(shard: number): Promise<void> {
    const epoch = keeper.epochOf(shard);
    if (epoch === undefined) return;
    try {
      if ((await claimUser(shard, epoch)) && keeper.epochOf(shard) === epoch) claimed.set(shard, epoch);
    } catch {
      // No answer: as whoever finds that a user could not be taken up.
      time.after(workEveryMs, () => run(() => void claimUsers(shard)));
    }
  }

  function close(shard: number): Promise<void> {
    return new Promise((resolve) => {
      if (variant === 'releases early') resolve();
      time.after(closingMs / options.rate, () =>
        run(() => {
          browsers.delete(shard);
          claimed.delete(shard);
          released++;
          resolve();
        }),
      );
    });
  }

  async function end(): Promise<boolean> {
    // In this order: nothing may run when others are told that they may begin.
    browsers.clear();
    try {
      await keeper.end();
      return true;
    } catch {
      // As a host that can't tell that it ends: the schedule goes on as after a kill.
      return false;
    } finally {
      die();
    }
  }

  const { claim, claimUser, write, ...ports } = table.connect({ hostId, version, run, trip });
  const keeper: LeaseKeeper = createLeaseKeeper({
    hostId,
    instance,
    formerInstance: options.formerInstance,
    shards: table.shards,
    silentAfterMs: variant === 'steals early' ? tooEarlyMs : undefined,
    ...ports,
    clock: createSimulatedClock(time, { ...options, run }),
    onRenewed: extendDeadline,
    onTaken: (shards) => {
      for (const shard of shards) {
        browsers.add(shard);
        void claimUsers(shard);
      }
    },
    onLeaving: close,
    onOver: over,
    log: silent,
  });
  keeper.start().catch(die);
  work();

  return {
    instance,
    get isGone() {
      return isGone;
    },
    get wasKilled() {
      return wasKilled;
    },
    hasBrowsers: (shard) => browsers.has(shard),
    epochOf: (shard) => (isGone ? undefined : keeper.epochOf(shard)),
    pause: (ms) => (pausedUntil = Math.max(pausedUntil, time.now + ms)),
    kill: die,
    drain() {
      isDraining = true;
      run(() => void keeper.drain().then(end));
    },
    get isDraining() {
      return isDraining;
    },
    get released() {
      return released;
    },
    end,
    version,
  };
}
