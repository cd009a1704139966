import { describe, expect, it } from 'vitest';
import { describeFailures, medianRestart, restartOf } from './restart.ts';

const came = (value: number) => ({ status: 'fulfilled', value }) as const;
const failed = (reason: string) => ({ status: 'rejected', reason }) as const;
const usage = { node: { pssMb: 1, cpuMs: 200 }, browsers: { pssMb: 1, cpuMs: 300 } };
const cpuMs = { node: 200, browsers: 300 };
const restart = (outcomes: PromiseSettledResult<number>[]) => restartOf(1_000, outcomes, usage);
const whole = (ms: number) => restart([came(1_000 + ms), came(1_001)]);

describe('a restart', () => {
  it('takes until the last session is ready', () => {
    expect(restart([came(3_500), came(2_000)])).toEqual({ sessions: 2, ready: 2, ms: 2_500, cpuMs, failures: [] });
  });

  it('says how many came, and each reason of the others once', () => {
    const partial = restart([came(2_000), failed('no page'), failed('no page')]);
    expect(partial).toEqual({ sessions: 3, ready: 1, ms: 1_000, cpuMs, failures: ['no page'] });
    expect(describeFailures([partial, whole(5)])).toEqual(['1 of 3 ready after a restart: no page']);
    expect(restart([failed('no page')]).ms).toBeUndefined();
  });

  it('counts for the median only when every session came', () => {
    const partial = restart([came(1_001), failed('x')]);
    expect(medianRestart([whole(900), whole(700), whole(800), partial])).toEqual({ ms: 800, cpuMs: 500 });
    expect(medianRestart([restart([failed('x')])])).toBeUndefined();
  });
});
