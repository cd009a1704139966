import * as fc from 'fast-check';
import type { SimulatedHost } from './simulated-host.ts';
import { quick, shards, startWorld, type SimulatedWorld } from './simulated-world.ts';
import { schedules, type Schedule } from './schedules.ts';
import type { Variant } from './variant.ts';

/** What happened in all schedules together. */
export interface Counts {
  terms: number;
  takeovers: number;
  /** By supervisors. */
  kills: number;
  refusedClaims: number;
  /** Of hosts that had lost the user. */
  refusedWrites: number;
  /** Terms over a shard that were released. */
  released: number;
  /** Schedules after which every shard had to find an owner, and did. */
  settled: number;
  /** Those after which they also had to be shared, and stay as they were. */
  shared: number;
}

export const noCounts: Readonly<Counts> = {
  terms: 0,
  takeovers: 0,
  kills: 0,
  refusedClaims: 0,
  refusedWrites: 0,
  released: 0,
  settled: 0,
  shared: 0,
};

const ownedWithinMs = 60_000;
/** Who had to take what was meant for another gives nothing away for a minute. */
const quietWithinMs = 150_000;
const quietMs = 30_000;
const lookEveryMs = 2_000;
const allShards = Array.from({ length: shards }, (_, shard) => shard);

/**
 * Runs the real keeper of leases through random schedules of faults on a simulated clock.
 *
 * In each, at any moment: at most one host holds a shard, and browsers of a shard's users run on at most one; epochs
 * only grow; no claim of an earlier term follows one of a later, and no write of one the later's claim of the user.
 * When the faults have stopped, and the clocks of the day agree, every shard finds an owner, hosts share them evenly,
 * and nothing moves any more.
 */
export async function checkLeases({
  schedules: numRuns,
  seed,
  variant,
}: {
  schedules: number;
  seed?: number | undefined;
  variant?: Variant | undefined;
}): Promise<{ run: fc.RunDetails<[Schedule]>; counts: Counts }> {
  const counts = { ...noCounts };
  const property = fc.asyncProperty(schedules, (schedule) => runSchedule(schedule, { counts, variant }));
  // What a broken variant fails by is wanted, not its smallest example.
  const endOnFailure = variant !== undefined;
  return { run: await fc.check(property, { numRuns, endOnFailure, ...(seed !== undefined && { seed }) }), counts };
}

async function runSchedule(
  { machines, happenings, giver, clocksAgree, looksOn }: Schedule,
  { counts, variant }: { counts: Counts; variant: Variant | undefined },
): Promise<void> {
  // Who steals early, or claims without a look at the epoch, isn't saved by a giver who looks at the clock.
  const trustsTakers = giver.trustsTakers || variant === 'steals early';
  const world = startWorld({ ...giver, trustsTakers, variant });
  let isCalm = false;
  const current = machines.map((_, i) => start(i, { version: 'one' }));
  const check = createCheck(world, counts);

  function start(i: number, life: { formerInstance?: string | undefined; version: string }): SimulatedHost | undefined {
    const machine = machines[i];
    if (!machine) return undefined;
    const { rate, skewMs, trips } = machine;
    const trip = () => (isCalm ? quick : trips.next().value);
    return world.start({ hostId: `host-${i}`, ...life, rate, skewMs, trip });
  }

  function restart(i: number, life: { formerInstance?: string | undefined; version: string }): void {
    current[i]?.kill();
    current[i] = start(i, life);
  }

  for (const { afterMs, host: i, what, proves, restartMs, version } of happenings) {
    await world.run(afterMs, check);
    const host = current[i];
    if (!host) continue;
    if (what.kind === 'pause') host.pause(what.ms);
    else {
      if (what.kind === 'kill') host.kill();
      else if (what.kind === 'drain') host.drain();
      else void host.end();
      world.time.after(restartMs, () =>
        restart(i, { formerInstance: proves ? current[i]?.instance : undefined, version }),
      );
    }
  }
  await world.run(40_000, check);
  if (clocksAgree) await settle();
  counts.kills += world.hosts.filter(({ wasKilled }) => wasKilled).length;
  counts.released += world.hosts.reduce((sum, { released }) => sum + released, 0);
  counts.refusedClaims += world.table.refusedClaims;
  counts.refusedWrites += world.table.refusedWrites;

  /**
   * The function that gives out shards looks at the takers' clocks: where they differ, shards may stay without an
   * owner.
   */
  async function settle(): Promise<void> {
    isCalm = true;
    for (const [i, host] of current.entries()) if (host?.isDraining) restart(i, { version: host.version });
    const owned = world.time.now + ownedWithinMs;
    while (!allShards.every((shard) => world.holders(shard).length > 0)) {
      if (world.time.now > owned) throw new Error('not every shard found an owner');
      // One that lost its term by what had happened before ends only now.
      restartGone();
      await world.run(lookEveryMs, check);
    }
    counts.settled++;
    if (!looksOn) return;
    const terms = () => JSON.stringify([...world.table.leases.values()]);
    let before = '';
    const isQuiet = () => terms() === before && isShared();
    const quietEnds = world.time.now + quietWithinMs;
    do {
      if (world.time.now > quietEnds) throw new Error(`shards still move, or are not shared: ${before}, ${terms()}`);
      restartGone();
      before = terms();
      await world.run(quietMs, check);
    } while (!isQuiet());
    counts.shared++;
  }

  /** As an orchestrator does. */
  function restartGone(): void {
    for (const [i, host] of current.entries()) if (host?.isGone) restart(i, { version: host.version });
  }

  /** Among several versions it is not said here whose they should be. */
  function isShared(): boolean {
    const live = world.hosts.filter(({ isGone }) => !isGone);
    const held = live.map((host) => allShards.filter((shard) => host.epochOf(shard) !== undefined).length);
    const isOneVersion = new Set(live.map(({ version }) => version)).size === 1;
    return (
      allShards.every((shard) => world.holders(shard).length > 0) &&
      (!isOneVersion || Math.max(...held) - Math.min(...held) <= 1)
    );
  }
}

function createCheck(world: SimulatedWorld, counts: Counts): () => void {
  const terms = new Map<number, { instance: string; epoch: number }>();

  function checkEpoch(shard: number, holder: SimulatedHost): void {
    const { instance } = holder;
    const epoch = holder.epochOf(shard) ?? 0;
    const last = terms.get(shard);
    if (last?.instance === instance && last.epoch === epoch) return;
    if (last && epoch <= last.epoch) throw new Error(`epoch ${epoch} of shard ${shard} is old`);
    if (last && last.instance !== instance) counts.takeovers++;
    counts.terms++;
    terms.set(shard, { instance, epoch });
  }

  return () => {
    for (const shard of allShards) {
      const running = world.withBrowsers(shard).length;
      if (running > 1) throw new Error(`browsers of shard ${shard} at ${running} hosts`);
      const [holder, ...more] = world.holders(shard);
      if (more.length > 0) throw new Error(`shard ${shard} is held by ${more.length + 1} hosts`);
      if (holder) checkEpoch(shard, holder);
    }
    if (world.table.faults.length > 0) throw new Error(world.table.faults.join());
  };
}
