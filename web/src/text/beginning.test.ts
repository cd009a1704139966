import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginningOf } from './beginning.ts';

describe('the beginning of a text', () => {
  it('is the whole of one that is short, or hardly longer', () => {
    expect(beginningOf('Bom dia!', 1_000)).toBe('Bom dia!');
    expect(beginningOf('a'.repeat(1_200), 1_000)).toHaveLength(1_200);
  });

  it('ends between two words where it can, and cuts a word of 60,000 letters', () => {
    expect(beginningOf('sim '.repeat(1_000), 1_001)).toBe('sim '.repeat(250).trimEnd());
    expect(beginningOf('W'.repeat(60_000), 1_000)).toHaveLength(1_000);
  });

  it('is a beginning, and cuts no character in half', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 900, maxLength: 3_000 }), (text) => {
        const start = beginningOf(text, 500);
        expect(text.startsWith(start)).toBe(true);
        expect(start.isWellFormed()).toBe(true);
        expect(start.length).toBeLessThanOrEqual(700);
      }),
      { numRuns: 50 },
    );
  });
});
