import { describe, expect, it } from 'vitest';
import { fail, ok, warn } from './finding.ts';
import { describeResults, exitCodeOf } from './report.ts';
import { runChecks } from './run-checks.ts';

const check = (title: string, look: () => Promise<ReturnType<typeof ok>>) => ({ title, look });

describe('checks', () => {
  it('are all made, though one fails, is denied, or never answers', async () => {
    const denied = Object.assign(new Error('not authorized to perform: ecs:DescribeServices'), {
      name: 'AccessDeniedException',
    });
    const results = await runChecks(
      [
        check('fine', () => Promise.resolve(ok('there'))),
        check('broken', () => Promise.reject(new Error('connection lost'))),
        check('denied', () => Promise.reject(denied)),
        check('silent', () => new Promise(() => undefined)),
      ],
      { limitMs: 50 },
    );
    expect(results.map(({ title, status }) => `${title} ${status}`)).toEqual([
      'fine ok',
      'broken fail',
      'denied fail',
      'silent fail',
    ]);
    expect(results[2]?.seen).toContain('ecs:DescribeServices');
    expect(results[2]?.remedy).toContain('credentials');
    expect(results[3]?.seen).toContain('no answer');
  });
});

describe('the report', () => {
  const results = [
    { title: 'Node', ...ok('24.1.0') },
    { title: 'Disk', ...warn('1.0 GB free', 'Free some space.') },
    { title: 'Chromium', ...fail('none found', 'Install it.') },
  ];

  it('names the remedy under what needs one, and counts', () => {
    expect(describeResults(results).split('\n')).toEqual([
      '  ✓ Node      24.1.0',
      '  ! Disk      1.0 GB free',
      '              → Free some space.',
      '  ✗ Chromium  none found',
      '              → Install it.',
      '',
      '  1 fine, 1 to watch, 1 wrong',
    ]);
  });

  it('ends well unless something is wrong', () => {
    expect([exitCodeOf(results), exitCodeOf(results.slice(0, 2))]).toEqual([1, 0]);
  });
});
