import { describe, expect, it } from 'vitest';
import { listMissed, scoreOf } from './score.ts';

const place = { start: { line: 3, column: 4 }, end: { line: 3, column: 9 } };
const survived = {
  fileName: '/repository/core/src/b.ts',
  location: place,
  mutatorName: 'BooleanLiteral',
  replacement: 'true',
  status: 'Survived',
} as const;

describe('the score of a room', () => {
  it('counts what failed a test, or had it run out of time, of all that could be run', () => {
    const statuses = ['Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError', 'Ignored'] as const;
    expect(scoreOf(statuses.map((status) => ({ status })))).toEqual({
      noticed: 3,
      survived: 1,
      unreached: 1,
      percent: 60,
    });
  });

  it('is full where there is nothing to mutate', () => {
    expect(scoreOf([]).percent).toBe(100);
  });

  it('names each change that nothing noticed by its place, in the order of the files', () => {
    const unreached = { ...survived, fileName: '/repository/core/src/a.ts', status: 'NoCoverage' } as const;
    const killed = { ...survived, status: 'Killed' } as const;
    expect(listMissed([survived, killed, unreached], '/repository')).toEqual([
      'core/src/a.ts:3:5  BooleanLiteral: true  (no test reaches it)',
      'core/src/b.ts:3:5  BooleanLiteral: true  (survived)',
    ]);
  });
});
