import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLeases } from './check-leases.ts';
import type { SimulatedHost } from './simulated-host.ts';
import type { Trip } from './simulated-leases.ts';
import { quick, startWorld } from './simulated-world.ts';
import { variants, type Variant } from './variant.ts';

const everything = (host: SimulatedHost) => [0, 1, 2].every((shard) => host.epochOf(shard) !== undefined);

const countOf = (host: SimulatedHost) => [0, 1, 2].filter((shard) => host.epochOf(shard) !== undefined).length;

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
  it('are shared with one that joins, not before it has lived for a while, and then stay as they are', async () => {
    const world = startWorld();
    const first = world.start();
    await world.run(500);
    const second = world.start({ hostId: 'b' });
    await world.run(14_000);
    expect([countOf(first), countOf(second)]).toEqual([3, 0]);
    await world.run(16_000);
    expect([countOf(first), countOf(second)]).toEqual([2, 1]);
    const epochs = [0, 1, 2].map((shard) => world.table.leases.get(shard)?.epoch);
    await world.run(120_000);
    expect([0, 1, 2].map((shard) => world.table.leases.get(shard)?.epoch)).toEqual(epochs);
  });

  it('go to another within about twenty seconds of a death', async () => {
    const world = startWorld();
    const first = world.start();
    const second = world.start({ hostId: 'b' });
    await world.run(60_000);
    first.kill();
    await world.run(23_000);
    expect(everything(second)).toBe(true);
  });

  it('go to those who have watched it fall silent, not to one that has just come', async () => {
    const world = startWorld();
    const first = world.start();
    await world.run(500);
    const second = world.start({ hostId: 'b' });
    await world.run(60_000);
    first.kill();
    await world.run(10_000);
    const third = world.start({ hostId: 'c' });
    await world.run(13_000);
    expect([countOf(second), countOf(third)]).toEqual([3, 0]);
    await world.run(20_000);
    expect([countOf(second), countOf(third)]).toEqual([2, 1]);
  });

  it('go to others one after the other when a host is told to end, and none is without an owner for long', async () => {
    const world = startWorld();
    const first = world.start();
    await world.run(500);
    const second = world.start({ hostId: 'b' });
    await world.run(500);
    first.drain();
    let unowned = 0;
    await world.run(10_000, () => {
      unowned = Math.max(unowned, [0, 1, 2].filter((shard) => world.holders(shard).length === 0).length);
    });
    expect([first.isGone, everything(second)]).toEqual([true, true]);
    expect(first.released).toBe(3);
  });

  it('all go to a host of a newer version that can run as many sessions', async () => {
    const world = startWorld();
    const first = world.start();
    await world.run(1_500);
    const second = world.start({ hostId: 'b', version: 'two' });
    await world.run(40_000);
    expect([countOf(first), countOf(second), first.isGone]).toEqual([0, 3, false]);
    // That one of the older is started anew doesn't make it newer.
    first.kill();
    world.start({ formerInstance: first.instance });
    await world.run(60_000);
    expect(everything(second)).toBe(true);
  });

  it('never let two browsers of a user run, nor an old term claim, whatever network, clocks and processes do', async () => {
    const { run, counts } = await checkLeases({ schedules: 2_000 });
    expect(run.failed, run.failed ? fc.defaultReportMessage(run) : '').toBe(false);
    // The worlds were not so hostile that nothing happened in them.
    expect(counts.terms).toBeGreaterThan(4_000);
    expect(counts.takeovers).toBeGreaterThan(800);
    expect(counts.released).toBeGreaterThan(500);
    expect(counts.kills).toBeGreaterThan(100);
    expect(counts.refusedClaims).toBeGreaterThan(0);
    expect(counts.refusedWrites).toBeGreaterThan(0);
    expect(counts.settled).toBeGreaterThan(500);
    expect(counts.shared).toBeGreaterThan(100);
  });

  it.each(variants)(
    'that are broken are found out: %s',
    async (variant) => {
      const { run } = await checkLeases({ schedules: 20_000, variant });
      expect(run.failed).toBe(true);
      expect(String(run.errorInstance)).toMatch(symptoms[variant]);
    },
    120_000,
  );
});

const symptoms: Record<Variant, RegExp> = {
  'no supervisor': /browsers of shard \d at 2 hosts/,
  'steals early': /2 hosts/,
  'releases early': /browsers of shard \d at 2 hosts/,
  'no fence': /a write under epoch \d+ followed a claim of the user under \d+/,
  'no epoch check': /a claim under epoch \d+ followed one under \d+/,
};
