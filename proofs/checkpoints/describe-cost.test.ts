import { describe, expect, it } from 'vitest';
import { describeCost } from './describe-cost.ts';

describe('the cost of a checkpoint', () => {
  it('is told by medians, with means of bytes, and the backups that failed', () => {
    const few = [10, 20, 90].map((ms) => ({ bytes: ms * 100, ms }));
    const cost = {
      profile: { before: 4_120_000, after: 6_900_000 },
      samples: { full: [{ bytes: 3_300_000, ms: 125.4 }], unchanged: few, one: few, hundred: few, zip: few },
      failedZips: 2,
      restoreMs: 40.2,
    };
    const { profile, row } = describeCost(cost);
    expect(profile).toBe('4.1 MB to 6.9 MB');
    expect(row).toEqual({
      'first of a chain': '3.3 MB (mean 3.3 MB), 125 ms',
      'nothing new': '2.0 kB (mean 4.0 kB), 20 ms',
      'after 1 message': '2.0 kB (mean 4.0 kB), 20 ms',
      'after 100 messages': '2.0 kB (mean 4.0 kB), 20 ms',
      'RemoteAuth, any time': '2.0 kB (mean 4.0 kB), 20 ms; 2 more failed',
      restore: '40 ms',
    });
    expect(describeCost({ ...cost, failedZips: 0 }).row['RemoteAuth, any time']).not.toContain('failed');
  });
});
