import { describe, expect, it } from 'vitest';
import { admit } from './admission.ts';

const gib = 2 ** 30;
const memory = { limitBytes: 4 * gib, usedBytes: 3 * gib, begunSince: 0, perSessionBytes: 0.3 * gib };

describe('admission', () => {
  it('refuses one session more than there are places', () => {
    expect(admit({ running: 9, maxSessions: 10 })).toBe('yes');
    expect(admit({ running: 10, maxSessions: 10 })).toBe('no_place');
  });

  it('refuses what would fill the memory, and counts what has only just begun', () => {
    expect(admit({ running: 5, maxSessions: 10, memory })).toBe('yes');
    expect(admit({ running: 6, maxSessions: 10, memory: { ...memory, begunSince: 1 } })).toBe('yes');
    expect(admit({ running: 7, maxSessions: 10, memory: { ...memory, begunSince: 2 } })).toBe('no_memory');
    expect(admit({ running: 5, maxSessions: 10, memory: { ...memory, usedBytes: 3.5 * gib } })).toBe('no_memory');
  });
});
