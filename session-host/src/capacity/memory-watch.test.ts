import { expect, it } from 'vitest';
import { createMemoryWatch } from './memory-watch.ts';

const mib = 2 ** 20;
const linked = { isLinked: true };

it('counts what sessions were seen to take, and at least what a fresh one grows to', () => {
  const watch = createMemoryWatch({ limitBytes: 2_000 * mib, maxSessions: 50 });
  expect([watch.admit(4, linked), watch.admit(6, linked)]).toEqual(['yes', 'no_memory']);
  watch.note({ hostBytes: 200 * mib, sessionBytes: [100 * mib, 100 * mib] });
  expect(watch.usedBytes).toBe(400 * mib);
  // Two were measured; each further one may take 300 MiB.
  expect([watch.admit(5, linked), watch.admit(6, linked)]).toEqual(['yes', 'no_memory']);
  watch.note({ hostBytes: 200 * mib, sessionBytes: [700 * mib, 500 * mib] });
  expect([watch.admit(1, linked), watch.admit(2, linked)]).toEqual(['no_memory', 'no_memory']);
});

it('counts places alone where the memory has no limit', () => {
  const watch = createMemoryWatch({ limitBytes: undefined, maxSessions: 2 });
  watch.note({ hostBytes: 10_000 * mib, sessionBytes: [] });
  expect([watch.admit(1, linked), watch.admit(2, linked)]).toEqual(['yes', 'no_place']);
});
