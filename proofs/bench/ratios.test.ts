import { describe, expect, it } from 'vitest';
import { perSecond, ratioOf, sessionsPerGb } from './ratios.ts';

describe('ratios', () => {
  it('count sessions per GB and what happens in a second', () => {
    expect(sessionsPerGb(20, 2_000)).toBe(10);
    expect(perSecond(10, 2_500)).toBe(4);
  });

  it('refuse to divide by what was not measured', () => {
    expect(() => sessionsPerGb(1, 0)).toThrow(RangeError);
    expect(() => perSecond(1, Number.NaN)).toThrow(RangeError);
  });

  it('compare only what both sides have', () => {
    expect(ratioOf(1, 3)).toBe(0.33);
    expect(ratioOf(0, 3)).toBe(0);
    expect(ratioOf(1, undefined)).toBeUndefined();
    expect(ratioOf(undefined, 1)).toBeUndefined();
    expect(ratioOf(1, 0)).toBeUndefined();
  });
});
