import * as fc from 'fast-check';
import { restrictionSchema } from '@top-active/core/contracts';
import { describe, expect, it } from 'vitest';
import { isReadingDue } from './reading-schedule.ts';
import { restrictionsIn } from './restrictions-in.ts';

const now = Date.parse('2026-11-30T12:00:00.000Z');
const later = now + 3_600_000;
const lock = { state: 'VISIBLE', time_enforcement_ends: later, enforcement_type: 'BIZ_QUALITY' };
const capping = { capping_status: 'CAPPED', total_quota: 50, used_quota: 50, cycle_end: later / 1000 };
const until = new Date(later).toISOString();

describe('what the page knows of restrictions', () => {
  it('is nothing where there is none, or where it is over', () => {
    expect(restrictionsIn({}, now)).toEqual([]);
    expect(restrictionsIn({ timelock: null, capping: { ...capping, capping_status: 'NONE' } }, now)).toEqual([]);
    expect(restrictionsIn({ timelock: lock, capping }, later)).toEqual([]);
  });

  it('names kind, level, end, and what is left of the quota', () => {
    expect(restrictionsIn({ timelock: lock, capping }, now)).toEqual([
      { kind: 'reachout', level: 'limited', until, type: 'BIZ_QUALITY' },
      { kind: 'new_chats', level: 'limited', until, quota: { total: 50, used: 50 } },
    ]);
    const warned = { ...capping, capping_status: 'FIRST_WARNING', used_quota: 40 };
    expect(restrictionsIn({ capping: warned }, now)).toMatchObject([{ level: 'warning', quota: { used: 40 } }]);
  });

  it('has no end where WhatsApp names none, also of a lock that it hides', () => {
    const hidden = { state: 'HIDDEN', time_enforcement_ends: null, enforcement_type: 'DEFAULT' };
    expect(restrictionsIn({ timelock: hidden }, now)).toEqual([
      { kind: 'reachout', level: 'limited', type: 'DEFAULT' },
    ]);
  });

  it('keeps to the contract whatever stands there', () => {
    const value = fc.oneof(fc.anything(), fc.constantFrom('VISIBLE', 'CAPPED', later, -1, Number.NaN, 1e300));
    const pref = fc.record(
      {
        state: value,
        time_enforcement_ends: value,
        enforcement_type: value,
        capping_status: value,
        total_quota: value,
        used_quota: value,
        cycle_end: value,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(pref, pref, (timelock, cap) => {
        for (const restriction of restrictionsIn({ timelock, capping: cap }, now))
          expect(restrictionSchema.safeParse(restriction).error).toBeUndefined();
      }),
    );
  });
});

describe('when restrictions are read', () => {
  const limits = { restrictionsEveryMs: 600_000, restrictionsAgainMs: 60_000 };
  const due = (last: Parameters<typeof isReadingDue>[0], at: number, sign = 'a') =>
    isReadingDue(last, { sign, now: at, limits });

  it('is at first, when the page has heard something, and every ten minutes', () => {
    const last = { at: 0, sign: 'a', known: [] };
    expect(due(undefined, 0)).toBe(true);
    expect(due(last, 1, 'b')).toBe(true);
    expect([599_999, 600_000].map((at) => due(last, at))).toEqual([false, true]);
  });

  it('is every minute while nobody knows when a restriction ends, but not for a warning', () => {
    const known = [{ kind: 'reachout', level: 'limited' }] as const;
    expect([59_999, 60_000].map((at) => due({ at: 0, sign: 'a', known }, at))).toEqual([false, true]);
    expect(due({ at: 0, sign: 'a', known: [{ kind: 'new_chats', level: 'warning' }] }, 60_000)).toBe(false);
  });
});
