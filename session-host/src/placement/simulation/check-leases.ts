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
  /** Schedules after which every shard had to find an owner, and did. */
  settled: number;
}

const settleMs = 60_000;
const lookEveryMs = 2_000;
const allShards = Array.from({ length: shards }, (_, shard) => shard);

/**
 * Runs the real keeper of leases through random schedules of faults on a simulated clock.
 *
 * In each, at any moment: at most one host holds a shard, and browsers of a shard's users run on at most one; epochs only grow; no claim of an earlier term follows one of a later. When the faults have stopped,
 * and the clocks of the day agree, every shard finds an owner.
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
  const counts: Counts = { terms: 0, takeovers: 0, kills: 0, refusedClaims: 0, settled: 0 };
  const property = fc.asyncProperty(schedules, (schedule) => runSchedule(schedule, { counts, variant }));
  // What a broken variant fails by is wanted, not its smallest example.
  const endOnFailure = variant !== undefined;
  return { run: await fc.check(property, { numRuns, endOnFailure, ...(seed !== undefined && { seed }) }), counts };
}

async function runSchedule(
  { machines, happenings, giver, clocksAgree }: Schedule,
  { counts, variant }: { counts: Counts; variant: Variant | undefined },
): Promise<void> {
  // Who steals early, or claims without a look at the epoch, isn't saved by a giver who looks at the clock.
  const trustsTakers = giver.trustsTakers || variant === 'steals early';
  const world = startWorld({ ...giver, trustsTakers, variant });
  let isCalm = false;
  const current = machines.map((_, i) => start(i, undefined));
  const check = createCheck(world, counts);

  function start(i: number, formerInstance: string | undefined): SimulatedHost | undefined {
    const machine = machines[i];
    if (!machine) return undefined;
    const { rate, skewMs, trips } = machine;
    const trip = () => (isCalm ? quick : trips.next().value);
    return world.start({ hostId: `host-${i}`, formerInstance, rate, skewMs, trip });
  }

  function restart(i: number, formerInstance: string | undefined): void {
    current[i]?.kill();
    current[i] = start(i, formerInstance);
  }

  for (const { afterMs, host: i, what, proves, restartMs } of happenings) {
    await world.run(afterMs, check);
    const host = current[i];
    if (!host) continue;
    if (what.kind === 'pause') host.pause(what.ms);
    else {
      if (what.kind === 'kill') host.kill();
      else void host.end();
      world.time.after(restartMs, () => restart(i, proves ? current[i]?.instance : undefined));
    }
  }
  await world.run(40_000, check);
  if (clocksAgree) await settle();
  counts.kills += world.hosts.filter(({ wasKilled }) => wasKilled).length;
  counts.refusedClaims += world.table.refusedClaims;

  /** The function that gives out shards looks at the takers' clocks: where they differ, shards may stay without an owner. */
  async function settle(): Promise<void> {
    isCalm = true;
    // An orchestrator starts again whatever has ended.
    for (const [i, host] of current.entries()) if (host?.isGone) restart(i, undefined);
    const isOwned = (shard: number) => world.holders(shard).length > 0;
    const ends = world.time.now + settleMs;
    while (!allShards.every(isOwned)) {
      if (world.time.now > ends) throw new Error(`shard ${allShards.find((shard) => !isOwned(shard))} found no owner`);
      await world.run(lookEveryMs, check);
    }
    counts.settled++;
  }
}

function createCheck(world: SimulatedWorld, counts: Counts): () => void {
  const epochs = new Map<number, Map<string, number>>();

  function checkEpoch(shard: number, holder: SimulatedHost): void {
    const ofShard = epochs.get(shard) ?? new Map<string, number>();
    const epoch = holder.epochOf(shard) ?? 0;
    const known = ofShard.get(holder.instance);
    if (known === epoch) return;
    if (known !== undefined) throw new Error(`epoch of shard ${shard} changed within a term`);
    if (epoch <= Math.max(0, ...ofShard.values())) throw new Error(`epoch ${epoch} of shard ${shard} is old`);
    if (ofShard.size > 0) counts.takeovers++;
    counts.terms++;
    epochs.set(shard, ofShard.set(holder.instance, epoch));
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
