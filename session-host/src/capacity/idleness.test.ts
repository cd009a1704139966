import { expect, it } from 'vitest';
import { isIdle } from './idleness.ts';

const day = 24 * 3_600_000;
const now = Date.parse('2026-11-30T12:00:00.000Z');
const daysAgo = (days: number) => new Date(now - days * day).toISOString();
const options = { now, idleAfterMs: 30 * day };

it('is what nobody has written in for long, and what was linked long ago', () => {
  const linked = { state: 'linked', linkedAt: daysAgo(100) } as const;
  expect(isIdle({ status: linked, newestActivityAt: daysAgo(30) }, options)).toBe(true);
  expect(isIdle({ status: linked, newestActivityAt: undefined }, options)).toBe(true);
  expect(isIdle({ status: linked, newestActivityAt: daysAgo(29) }, options)).toBe(false);
  const fresh = { state: 'linked', linkedAt: daysAgo(1) } as const;
  expect(isIdle({ status: fresh, newestActivityAt: daysAgo(90) }, options)).toBe(false);
});

it('is no session that is not linked now', () => {
  const status = { state: 'reconnecting', linkedAt: daysAgo(100) } as const;
  expect(isIdle({ status, newestActivityAt: daysAgo(90) }, options)).toBe(false);
});
