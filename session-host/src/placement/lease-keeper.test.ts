import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSimulatedLeases, type Trip } from './simulation/simulated-leases.ts';
import { startSimulatedHost, type SimulatedHost } from './simulation/simulated-host.ts';
import { createSimulatedTime } from './simulation/simulated-time.ts';

const shards = 3;
const quick: Trip = { thereMs: 20, backMs: 20 };

/** A world without faults but those that a test asks for. */
function startWorld({ skewMs = 0, trustsTakers = false } = {}) {
  const time = createSimulatedTime();
  const table = createSimulatedLeases(time, { shards, skewMs, trustsTakers });
  const hosts: SimulatedHost[] = [];
  return {
    time,
    table,
    hosts,
    start(options: Partial<Parameters<typeof startSimulatedHost>[0]> = {}): SimulatedHost {
      const instance = `instance-${hosts.length}`;
      const defaults = { hostId: 'a', instance, rate: 1, skewMs: 0, trip: () => quick };
      const host = startSimulatedHost({ time, table, ...defaults, ...options });
      hosts.push(host);
      return host;
    },
    holders: (shard: number) => hosts.filter((host) => host.epochOf(shard) !== undefined),
    run: (ms: number, check = () => {}) => time.runUntil(time.now + ms, check),
  };
}

const everything = (host: SimulatedHost) => [0, 1, 2].every((shard) => host.epochOf(shard) !== undefined);

describe('leases of a single host', () => {
  it('are there at once at the first start, and after an orderly end', async () => {
    const world = startWorld();
    const first = world.start();
    await world.run(500);
    expect(everything(first)).toBe(true);
    const ended = first.end();
    await world.run(100);
    expect(await ended).toBe(true);
    const epoch = world.table.leases.get(0)?.epoch ?? 0;
    const second = world.start({ hostId: 'b' });
    await world.run(500);
    expect(everything(second)).toBe(true);
    expect(second.epochOf(0)).toBeGreaterThan(epoch);
  });

  it('are kept while heartbeats are acknowledged', async () => {
    const world = startWorld();
    const host = world.start();
    await world.run(500);
    await world.run(300_000, () => expect(everything(host)).toBe(true));
  });

  it('come back at once after a kill when the former instance is known to have ended', async () => {
    const world = startWorld();
    const first = world.start();
    await world.run(500);
    first.kill();
    const second = world.start({ formerInstance: first.instance });
    await world.run(500);
    expect(everything(second)).toBe(true);
  });

  it('come back after fifteen seconds when it is not known', async () => {
    const world = startWorld();
    const first = world.start();
    await world.run(500);
    first.kill();
    const second = world.start();
    await world.run(14_900);
    expect(everything(second)).toBe(false);
    await world.run(2_000);
    expect(everything(second)).toBe(true);
  });

  it('end ten seconds after the last heartbeat that was acknowledged was sent', async () => {
    const world = startWorld();
    let trip: Trip = quick;
    const host = world.start({ trip: () => trip });
    await world.run(6_000);
    trip = { thereMs: 20, backMs: 'lost' };
    // Sent at 5.0 s.
    await world.run(8_900);
    expect([everything(host), host.isGone]).toEqual([true, false]);
    await world.run(300);
    expect([everything(host), host.isGone]).toEqual([false, true]);
  });
});

describe('leases of several hosts', () => {
  it('go to another within about twenty seconds of a death, and are left alone before', async () => {
    const world = startWorld();
    const first = world.start();
    await world.run(500);
    const second = world.start({ hostId: 'b' });
    await world.run(60_000);
    expect([everything(first), everything(second)]).toEqual([true, false]);
    first.kill();
    await world.run(26_000);
    expect(everything(second)).toBe(true);
  });

  it('are never two hosts’ at a time, and epochs only grow, whatever network, clocks and machines do', async () => {
    const trip = fc.oneof(
      { weight: 8, arbitrary: fc.record({ thereMs: fc.nat(80), backMs: fc.nat(80) }) },
      { weight: 2, arbitrary: fc.record({ thereMs: fc.nat(14_000), backMs: fc.nat(6_000) }) },
      { weight: 1, arbitrary: fc.constant({ thereMs: 'lost', backMs: 'lost' } as const) },
      { weight: 1, arbitrary: fc.record({ thereMs: fc.nat(80), backMs: fc.constant('lost' as const) }) },
    );
    const machine = fc.record({
      rate: fc.double({ min: 0.85, max: 1.15, noNaN: true }),
      skewMs: fc.integer({ min: -20_000, max: 20_000 }),
      trips: fc.infiniteStream(trip),
    });
    const happening = fc.record({
      afterMs: fc.nat(12_000),
      host: fc.nat(2),
      what: fc.oneof(
        fc.record({ kind: fc.constant('pause' as const), ms: fc.nat(25_000) }),
        fc.constant({ kind: 'kill' as const }),
        fc.constant({ kind: 'end' as const }),
      ),
      /** Whether the next one on this machine can prove that this one has ended; it can only when that is true. */
      proves: fc.boolean(),
      restartMs: fc.nat(20_000),
    });
    let holdings = 0;
    let takeovers = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(machine, machine, machine),
        fc.array(happening, { minLength: 1, maxLength: 12 }),
        fc.record({ skewMs: fc.integer({ min: -20_000, max: 20_000 }), trustsTakers: fc.boolean() }),
        async (machines, happenings, giver) => {
          const world = startWorld(giver);
          const current = machines.map((own, i) => startOn(i, undefined, own));

          function startOn(i: number, formerInstance: string | undefined, own: (typeof machines)[number]) {
            const { rate, trips } = own;
            const next = () => trips.next().value;
            return world.start({ hostId: `host-${i}`, formerInstance, rate, skewMs: own.skewMs, trip: next });
          }

          const epochs = new Map<number, Map<string, number>>();
          function check(): void {
            for (let shard = 0; shard < shards; shard++) {
              const holders = world.holders(shard);
              if (holders.length > 1) throw new Error(`${holders.length} hosts hold shard ${shard}`);
              const [holder] = holders;
              if (!holder) continue;
              const ofShard = epochs.get(shard) ?? new Map<string, number>();
              const epoch = holder.epochOf(shard) ?? 0;
              const known = ofShard.get(holder.instance);
              if (known === undefined) {
                if (ofShard.size > 0) takeovers++;
                holdings++;
                if (epoch <= Math.max(0, ...ofShard.values()))
                  throw new Error(`Epoch ${epoch} of shard ${shard} is old`);
                epochs.set(shard, ofShard.set(holder.instance, epoch));
              } else if (epoch !== known) throw new Error(`Epoch of shard ${shard} changed within a term`);
            }
            if (world.table.faults.length > 0) throw new Error(world.table.faults.join());
          }

          for (const { afterMs, host: i, what, proves, restartMs } of happenings) {
            await world.run(afterMs, check);
            const host = current[i];
            const own = machines[i];
            if (!host || !own) continue;
            if (what.kind === 'pause') host.pause(what.ms);
            else {
              if (what.kind === 'kill') host.kill();
              else void host.end();
              world.time.after(restartMs, () => {
                host.kill();
                current[i] = startOn(i, proves ? host.instance : undefined, own);
              });
            }
          }
          await world.run(40_000, check);
        },
      ),
      { numRuns: 500 },
    );
    // The worlds were not so hostile that nothing happened in them.
    expect(holdings).toBeGreaterThan(1_000);
    expect(takeovers).toBeGreaterThan(200);
  }, 120_000);
});
