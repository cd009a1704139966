import { logger } from '@top-active/aws';
import { createLeaseKeeper, type LeaseKeeper } from '../lease-keeper.ts';
import type { SimulatedLeases, Trip } from './simulated-leases.ts';
import { createSimulatedClock, type SimulatedTime } from './simulated-time.ts';

export interface SimulatedHost {
  readonly instance: string;
  /** Undefined: gone, or it doesn't hold the shard. */
  epochOf(shard: number): number | undefined;
  readonly isGone: boolean;
  /** Nothing of it runs for so long; then all that was due at once. */
  pause(ms: number): void;
  kill(): void;
  /** In order; true when others know. */
  end(): Promise<boolean>;
}

const silent = { ...logger, debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}

/** The real keeper of leases, on a machine that may stand still or die. It ends when its term does. */
export function startSimulatedHost(options: {
  time: SimulatedTime;
  table: SimulatedLeases;
  hostId: string;
  instance: string;
  formerInstance?: string | undefined;
  rate: number;
  skewMs: number;
  trip: () => Trip;
}): SimulatedHost {
  const { time, table, hostId, instance, trip } = options;
  let isGone = false;
  let pausedUntil = 0;

  function run(work: () => void): void {
    if (isGone) return;
    if (time.now < pausedUntil) time.after(pausedUntil - time.now, () => run(work));
    else work();
  }

  const keeper: LeaseKeeper = createLeaseKeeper({
    hostId,
    instance,
    formerInstance: options.formerInstance,
    shards: table.shards,
    ...table.connect({ hostId, run, trip }),
    clock: createSimulatedClock(time, { ...options, run }),
    onRenewed: ignore,
    onTaken: ignore,
    onOver: () => (isGone = true),
    log: silent,
  });
  keeper.start().catch(() => (isGone = true));

  return {
    instance,
    get isGone() {
      return isGone;
    },
    epochOf: (shard) => (isGone ? undefined : keeper.epochOf(shard)),
    pause: (ms) => (pausedUntil = Math.max(pausedUntil, time.now + ms)),
    kill: () => (isGone = true),
    async end() {
      try {
        await keeper.end();
        return true;
      } catch {
        return false;
      } finally {
        isGone = true;
      }
    },
  };
}
