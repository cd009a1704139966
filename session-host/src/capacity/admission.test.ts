import { describe, expect, it } from 'vitest';
import { admit } from './admission.ts';

const gib = 2 ** 30;
const memory = { limitBytes: 4 * gib, usedBytes: 3 * gib, begunSince: 0, perSessionBytes: 0.3 * gib };

describe('admission', () => {
  it('refuses one session more than there are places', () => {
    expect(admit({ running: 9, maxSessions: 10, isLinked: true })).toBe('yes');
    expect(admit({ running: 10, maxSessions: 10, isLinked: true })).toBe('no_place');
  });

  it('keeps a fifth of the places for sessions that were linked, and leaves one at least to whoever wants to link', () => {
    const admitted = (maxSessions: number, isLinked: boolean) =>
      Array.from({ length: 60 }, (_, running) => running).filter(
        (running) => admit({ running, maxSessions, isLinked }) === 'yes',
      ).length;
    expect([50, 10, 5, 4, 1].map((places) => admitted(places, false))).toEqual([40, 8, 4, 4, 1]);
    expect([50, 10, 5, 4, 1].map((places) => admitted(places, true))).toEqual([50, 10, 5, 4, 1]);
  });

  it('keeps a fifth of the memory for them too, but for the first session of a host', () => {
    const facts = { maxSessions: 50, running: 1, memory: { ...memory, usedBytes: 2.7 * gib } };
    expect([admit({ ...facts, isLinked: true }), admit({ ...facts, isLinked: false })]).toEqual(['yes', 'no_memory']);
    expect(admit({ ...facts, running: 0, isLinked: false })).toBe('yes');
  });

  it('refuses what would fill the memory, and counts what has only just begun', () => {
    expect(admit({ running: 5, maxSessions: 10, isLinked: true, memory })).toBe('yes');
    expect(admit({ running: 6, maxSessions: 10, isLinked: true, memory: { ...memory, begunSince: 1 } })).toBe('yes');
    expect(admit({ running: 7, maxSessions: 10, isLinked: true, memory: { ...memory, begunSince: 2 } })).toBe(
      'no_memory',
    );
    expect(admit({ running: 5, maxSessions: 10, isLinked: true, memory: { ...memory, usedBytes: 3.5 * gib } })).toBe(
      'no_memory',
    );
  });
});
