import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLeases } from './simulation/check-leases.ts';
import type { SimulatedHost } from './simulation/simulated-host.ts';
import type { Trip } from './simulation/simulated-leases.ts';
import { quick, startWorld } from './simulation/simulated-world.ts';
import { variants, type Variant } from './simulation/variant.ts';

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

  it('never let two browsers of a user run, nor an old term claim, whatever network, clocks and processes do', async () => {
    const { run, counts } = await checkLeases({ schedules: 2_000 });
    expect(run.failed, run.failed ? fc.defaultReportMessage(run) : '').toBe(false);
    // The worlds were not so hostile that nothing happened in them.
    expect(counts.terms).toBeGreaterThan(4_000);
    expect(counts.takeovers).toBeGreaterThan(800);
    expect(counts.kills).toBeGreaterThan(100);
    expect(counts.refusedClaims).toBeGreaterThan(0);
    expect(counts.settled).toBeGreaterThan(500);
  }, 120_000);

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
  'no epoch check': /a claim under epoch \d+ followed one under \d+/,
};
