import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { evenTime, evenTimeOfFailure } from './even-time.ts';

async function durationOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work().catch(() => undefined);
  return performance.now() - begin;
}

const fail = () => Promise.reject(new Error('refused'));

describe('evenTime', () => {
  it('takes as long for a failure as for a success', async () => {
    expect(await durationOf(() => evenTime(60, async () => 1))).toBeGreaterThanOrEqual(58);
    expect(await durationOf(() => evenTime(60, fail))).toBeGreaterThanOrEqual(58);
  });

  it('passes on what the work returns or throws', async () => {
    expect(await evenTime(5, async () => 'done')).toBe('done');
    await expect(evenTime(5, fail)).rejects.toThrow('refused');
  });

  it('ends work that takes longer than a step at a later step', async () => {
    expect(await durationOf(() => evenTime(40, () => pause(60)))).toBeGreaterThanOrEqual(78);
  });
});

describe('evenTimeOfFailure', () => {
  it('holds back failures only', async () => {
    expect(await durationOf(() => evenTimeOfFailure(200, async () => 1))).toBeLessThan(150);
    expect(await durationOf(() => evenTimeOfFailure(60, fail))).toBeGreaterThanOrEqual(58);
  });
});
