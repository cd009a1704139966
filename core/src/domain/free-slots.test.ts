import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { WorkingHours } from '../contracts/me.ts';
import { defaultProfile } from './default-profile.ts';
import { freeSlots, isSlotFree, type FreeSlotsQuery } from './free-slots.ts';

const closed: WorkingHours = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
// A Tuesday, 08:00 in São Paulo.
const query: FreeSlotsQuery = {
  ...defaultProfile,
  busy: [],
  durationMinutes: 60,
  now: '2026-11-24T11:00:00.000Z',
  leadMinutes: 30,
  days: 1,
  limit: 50,
};

function starts(change: Partial<FreeSlotsQuery>): string[] {
  const { timeZone = query.timeZone } = change;
  return freeSlots({ ...query, ...change }).map(({ start }) =>
    Temporal.Instant.from(start).toZonedDateTimeISO(timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' }),
  );
}

describe('freeSlots', () => {
  it('fills the opening hours of a day around lunch', () => {
    expect(
      starts({})
        .map((start) => start.slice(11))
        .join(' '),
    ).toBe('09:00 10:00 11:00 13:00 14:00 15:00 16:00 17:00');
  });

  it('goes around what is busy, on the grid', () => {
    const busy = [
      { start: '2026-11-24T12:00:00.000Z', end: '2026-11-24T12:10:00.000Z' },
      { start: '2026-11-24T16:30:00.000Z', end: '2026-11-24T20:00:00.000Z' },
    ];
    expect(starts({ busy }).map((start) => start.slice(11))).toEqual(['09:30', '10:30', '17:00']);
  });

  it('has a grid of half an hour, of the length where that is shorter, or as it is asked for', () => {
    const busy = [{ start: '2026-11-24T12:00:00.000Z', end: '2026-11-24T12:10:00.000Z' }];
    const first = (change: Partial<FreeSlotsQuery>) => starts({ busy, ...change })[0]?.slice(11);
    expect(first({ durationMinutes: 45 })).toBe('09:30');
    expect(first({ durationMinutes: 20 })).toBe('09:20');
    expect(first({ stepMinutes: 15 })).toBe('09:15');
    expect(starts({ durationMinutes: 50, limit: 3 }).map((start) => start.slice(11))).toEqual([
      '09:00',
      '10:00',
      '11:00',
    ]);
  });

  it.each([{ durationMinutes: 0 }, { durationMinutes: -5 }, { stepMinutes: 0 }])('refuses %o', (change) => {
    expect(() => starts(change)).toThrow('Duration and step must be positive');
  });

  it('lets a slot begin at the very end of something busy', () => {
    const busy = [{ start: '2026-11-24T12:00:00.000Z', end: '2026-11-24T13:00:00.000Z' }];
    expect(starts({ busy })[0]).toBe('2026-11-24T10:00');
  });

  it('offers nothing sooner than the lead time', () => {
    expect(starts({ leadMinutes: 61 })[0]).toBe('2026-11-24T09:30');
    expect(starts({ leadMinutes: 60 })[0]).toBe('2026-11-24T09:00');
  });

  it('skips closed days and stops at the limit', () => {
    // Friday evening: the next opening is Monday.
    const now = '2026-11-27T22:00:00.000Z';
    expect(starts({ now, days: 7, limit: 2 })).toEqual(['2026-11-30T09:00', '2026-11-30T10:00']);
    expect(starts({ workingHours: closed, days: 30 })).toEqual([]);
  });

  it("counts days in the owner's zone", () => {
    // 23:30 on Monday in São Paulo is already Tuesday in UTC.
    const now = '2026-11-24T02:30:00.000Z';
    expect(starts({ now })).toEqual([]);
    expect(starts({ now, days: 2 })[0]).toBe('2026-11-24T09:00');
  });

  it('joins spans that adjoin', () => {
    const workingHours = {
      ...closed,
      tue: [
        { from: '09:00', to: '09:45' },
        { from: '09:45', to: '10:30' },
      ],
    };
    expect(starts({ workingHours, durationMinutes: 90 })).toEqual(['2026-11-24T09:00']);
  });

  it.each([
    // Clocks go from 02:00 to 03:00 on 2027-03-14 and from 02:00 back to 01:00 on 2026-11-01.
    ['spring, over the gap', '2027-03-14', { from: '01:00', to: '04:00' }, ['01:00', '03:00']],
    ['spring, opening within the gap', '2027-03-14', { from: '02:30', to: '05:00' }, ['03:30']],
    ['spring, closing within the gap', '2027-03-14', { from: '00:00', to: '02:30' }, ['00:00']],
    [
      'autumn, over the repeated hour',
      '2026-11-01',
      { from: '00:00', to: '03:00' },
      ['00:00', '01:00', '01:00', '02:00'],
    ],
    ['autumn, closing within the repeated hour', '2026-11-01', { from: '00:00', to: '01:30' }, ['00:00']],
  ])('is right where clocks change: %s', (_, date, sunday, expected) => {
    const timeZone = 'America/New_York';
    const now = new Date(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds).toISOString();
    const found = starts({ timeZone, now, leadMinutes: 0, workingHours: { ...closed, sun: [sunday] } });
    expect(found.map((start) => start.slice(11))).toEqual(expected);
  });
});

const times = fc
  .uniqueArray(fc.integer({ min: 0, max: 95 }), { minLength: 0, maxLength: 8 })
  .map((quarters) => quarters.toSorted((a, b) => a - b))
  .map((quarters) =>
    Array.from({ length: quarters.length >> 1 }, (_, i) => ({
      from: clock(quarters[2 * i] ?? 0),
      to: clock(quarters[2 * i + 1] ?? 0),
    })),
  );
const week = fc.record({ mon: times, tue: times, wed: times, thu: times, fri: times, sat: times, sun: times });
const instants = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 11) });
const queries: fc.Arbitrary<FreeSlotsQuery> = fc
  .record({
    workingHours: week,
    timeZone: fc.constantFrom('America/Sao_Paulo', 'America/New_York', 'Europe/Lisbon', 'Australia/Lord_Howe', 'UTC'),
    durationMinutes: fc.integer({ min: 5, max: 480 }),
    leadMinutes: fc.integer({ min: 0, max: 2880 }),
    days: fc.integer({ min: 1, max: 10 }),
    limit: fc.integer({ min: 1, max: 200 }),
    now: instants,
    busy: fc.array(fc.tuple(fc.integer({ min: -1440, max: 14_400 }), fc.integer({ min: 1, max: 2000 })), {
      maxLength: 20,
    }),
  })
  .map(({ now, busy, ...rest }) => ({
    ...rest,
    now: new Date(now).toISOString(),
    busy: busy.map(([start, length]) => ({
      start: new Date(now + start * 60_000).toISOString(),
      end: new Date(now + (start + length) * 60_000).toISOString(),
    })),
  }));

describe('every slot of every calendar', () => {
  it('is free, open, late enough, of the asked length, and apart from the others', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const slots = freeSlots(query);
        expect(slots.length).toBeLessThanOrEqual(query.limit);
        let previousEnd = 0;
        for (const slot of slots) {
          const [start, end] = [Date.parse(slot.start), Date.parse(slot.end)];
          expect(end - start).toBe(query.durationMinutes * 60_000);
          expect(start).toBeGreaterThanOrEqual(Date.parse(query.now) + query.leadMinutes * 60_000);
          expect(start).toBeGreaterThanOrEqual(previousEnd);
          previousEnd = end;
          for (const busy of query.busy)
            expect(start >= Date.parse(busy.end) || end <= Date.parse(busy.start)).toBe(true);
          // Every minute on the owner's clock is within opening hours.
          for (let at = start; at < end; at += 5 * 60_000) expect(isOpenAt(query, at)).toBe(true);
          expect(isOpenAt(query, end - 1)).toBe(true);
          expect(isSlotFree(slot, query, query.now)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is the same whenever it is asked again', () => {
    fc.assert(
      fc.property(queries, (query) => {
        expect(freeSlots(query)).toEqual(freeSlots(query));
      }),
      { numRuns: 50 },
    );
  });
});

describe('isSlotFree', () => {
  const slot = { start: '2026-11-24T12:00:00.000Z', end: '2026-11-24T13:00:00.000Z' };

  it.each([
    ['open and free', slot, true],
    ['before opening', { start: '2026-11-24T11:30:00.000Z', end: '2026-11-24T12:30:00.000Z' }, false],
    ['into lunch', { start: '2026-11-24T14:30:00.000Z', end: '2026-11-24T15:30:00.000Z' }, false],
    ['until closing', { start: '2026-11-24T20:00:00.000Z', end: '2026-11-24T21:00:00.000Z' }, true],
    ['past closing', { start: '2026-11-24T20:00:00.000Z', end: '2026-11-24T21:00:00.001Z' }, false],
    ['of no length', { start: slot.start, end: slot.start }, false],
    ['past', { start: '2026-11-23T12:00:00.000Z', end: '2026-11-23T13:00:00.000Z' }, false],
    ['ending before it begins', { start: slot.end, end: slot.start }, false],
  ])('%s', (_, asked, expected) => {
    expect(isSlotFree(asked, query, query.now)).toBe(expected);
  });

  it('refuses what meets something busy', () => {
    const busy = [{ start: '2026-11-24T12:59:00.000Z', end: '2026-11-24T14:00:00.000Z' }];
    expect(isSlotFree(slot, { ...query, busy }, query.now)).toBe(false);
  });

  it('takes one that begins right now, or meets what is busy at its ends alone', () => {
    const busy = [
      { start: '2026-11-24T11:00:00.000Z', end: slot.start },
      { start: slot.end, end: '2026-11-24T14:00:00.000Z' },
    ];
    expect(isSlotFree(slot, { ...query, busy }, slot.start)).toBe(true);
    expect(isSlotFree(slot, query, '2026-11-24T12:00:00.001Z')).toBe(false);
  });
});

function isOpenAt({ workingHours, timeZone }: FreeSlotsQuery, epoch: number): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(epoch).toZonedDateTimeISO(timeZone);
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
  const day = days[local.dayOfWeek - 1] ?? 'mon';
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  return workingHours[day].some(({ from, to }) => from <= time && time < to);
}

function clock(quarter: number): string {
  return `${String(quarter >> 2).padStart(2, '0')}:${String((quarter & 3) * 15).padStart(2, '0')}`;
}
