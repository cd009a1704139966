import { describe, expect, it } from 'vitest';
import { quantile } from './quantiles.ts';

describe('quantile', () => {
  it('takes the nearest rank', () => {
    const samples = [5, 1, 4, 2, 3];
    expect(quantile(samples, 0.5)).toBe(3);
    expect(quantile(samples, 0.95)).toBe(5);
    expect(quantile([7], 0.5)).toBe(7);
  });

  it('refuses to make one up', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});
