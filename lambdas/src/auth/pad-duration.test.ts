import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { padDuration, padFailure } from './pad-duration.ts';

async function durationOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work().catch(() => undefined);
  return performance.now() - begin;
}

const fail = () => Promise.reject(new Error('refused'));

describe('padDuration', () => {
  it('takes as long for a failure as for a success', async () => {
    expect(await durationOf(() => padDuration(60, async () => 1))).toBeGreaterThanOrEqual(58);
    expect(await durationOf(() => padDuration(60, fail))).toBeGreaterThanOrEqual(58);
  });

  it('passes on what the work returns or throws', async () => {
    expect(await padDuration(5, async () => 'done')).toBe('done');
    await expect(padDuration(5, fail)).rejects.toThrow('refused');
  });

  it('ends work that takes longer than a step at a later step', async () => {
    expect(await durationOf(() => padDuration(40, () => pause(60)))).toBeGreaterThanOrEqual(78);
  });
});

describe('padFailure', () => {
  it('holds back failures only', async () => {
    expect(await durationOf(() => padFailure(200, async () => 1))).toBeLessThan(150);
    expect(await durationOf(() => padFailure(60, fail))).toBeGreaterThanOrEqual(58);
  });
});
