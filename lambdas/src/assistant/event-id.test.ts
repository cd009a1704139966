import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventIdOf } from './event-id.ts';

describe('eventIdOf', () => {
  it('is always one that Google takes, the same for the same suggestion only', () => {
    fc.assert(
      fc.property(fc.ulid(), fc.ulid(), (one, other) => {
        expect(eventIdOf(one)).toMatch(/^[a-v0-9]{5,1024}$/);
        expect(eventIdOf(one)).toBe(eventIdOf(one));
        fc.pre(one !== other);
        expect(eventIdOf(one)).not.toBe(eventIdOf(other));
      }),
    );
  });
});
