import * as fc from 'fast-check';

const trip = fc.oneof(
  { weight: 8, arbitrary: fc.record({ thereMs: fc.nat(80), backMs: fc.nat(80) }) },
  { weight: 2, arbitrary: fc.record({ thereMs: fc.nat(14_000), backMs: fc.nat(6_000) }) },
  { weight: 1, arbitrary: fc.constant({ thereMs: 'lost', backMs: 'lost' } as const) },
  { weight: 1, arbitrary: fc.record({ thereMs: fc.nat(80), backMs: fc.constant('lost' as const) }) },
);

/** Clocks run up to a tenth too fast or slow, and in half of the schedules tell any time. */
const skewMs = fc.integer({ min: -20_000, max: 20_000 });
const rate = fc.double({ min: 0.9, max: 1.1, noNaN: true });

const machine = fc.record({ rate, skewMs, trips: fc.infiniteStream(trip) });

const happening = fc.record({
  afterMs: fc.nat(12_000),
  host: fc.nat(2),
  what: fc.oneof(
    fc.record({ kind: fc.constant('pause' as const), ms: fc.nat(25_000) }),
    fc.constant({ kind: 'kill' as const }),
    fc.constant({ kind: 'end' as const }),
    fc.constant({ kind: 'drain' as const }),
  ),
  /** Of the program that is started next on this machine. */
  version: fc.constantFrom('one', 'two'),
  /** Whether the next one on this machine can prove that this one has ended; it can only when that is true. */
  proves: fc.boolean(),
  restartMs: fc.nat(20_000),
});

/** Within two seconds then. */
const agreement = 0.1;

const anyClocks = fc.record({
  machines: fc.tuple(machine, machine, machine),
  happenings: fc.array(happening, { minLength: 1, maxLength: 12 }),
  giver: fc.record({ skewMs, trustsTakers: fc.boolean() }),
  clocksAgree: fc.boolean(),
  /** After the end of the faults for long enough to see shards shared. */
  looksOn: fc.nat(4).map((n) => n === 0),
});

/** What goes wrong on three machines, and with the function that gives out shards. */
export const schedules = anyClocks.map(({ machines, giver, ...others }) => {
  const factor = others.clocksAgree ? agreement : 1;
  return {
    ...others,
    machines: machines.map((each) => ({ ...each, skewMs: each.skewMs * factor })),
    giver: { ...giver, skewMs: giver.skewMs * factor },
  };
});

export type Schedule = typeof schedules extends fc.Arbitrary<infer T> ? T : never;
