import { describe, expect, it } from 'vitest';
import { describeFailures, medianRestart, restartOf } from './restart.ts';

const came = (value: number) => ({ status: 'fulfilled', value }) as const;
const failed = (reason: string) => ({ status: 'rejected', reason }) as const;
const whole = (ms: number) => restartOf(1_000, [came(1_000 + ms), came(1_001)]);

describe('a restart', () => {
  it('takes until the last session is ready', () => {
    expect(restartOf(1_000, [came(3_500), came(2_000)])).toEqual({ sessions: 2, ready: 2, ms: 2_500, failures: [] });
  });

  it('says how many came, and each reason of the others once', () => {
    const restart = restartOf(1_000, [came(2_000), failed('no page'), failed('no page')]);
    expect(restart).toEqual({ sessions: 3, ready: 1, ms: 1_000, failures: ['no page'] });
    expect(describeFailures([restart, whole(5)])).toEqual(['1 of 3 ready after a restart: no page']);
    expect(restartOf(1_000, [failed('no page')]).ms).toBeUndefined();
  });

  it('counts for the median only when every session came', () => {
    expect(medianRestart([whole(900), whole(700), whole(800), restartOf(1_000, [came(1_001), failed('x')])])).toBe(800);
    expect(medianRestart([restartOf(1_000, [failed('x')])])).toBeUndefined();
  });
});
