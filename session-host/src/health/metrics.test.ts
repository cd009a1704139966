import { expect, it } from 'vitest';
import type { EngineSession } from '../engine/engine.ts';
import { unsavedSeconds } from './metrics.ts';

const now = new Date('2026-11-25T12:00:00Z');
const engine = {} as EngineSession;
const tenSecondsAgo = new Date(now.getTime() - 10_000);

it('a session that could never be saved is as old as its browser, so that it raises the alarm too', () => {
  const browserSince = performance.now() - 700_000;
  expect(unsavedSeconds({ engine, checkpointAt: tenSecondsAgo, browserSince }, now)).toBe(10);
  expect(unsavedSeconds({ engine, checkpointAt: undefined, browserSince }, now)).toBeCloseTo(700, 0);
});

it('a session that does not run has nothing to save', () => {
  expect(unsavedSeconds({ engine: undefined, checkpointAt: tenSecondsAgo, browserSince: 0 }, now)).toBeUndefined();
});
