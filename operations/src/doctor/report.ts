import type { Result } from './run-checks.ts';

const signs = { ok: '✓', warn: '!', fail: '✗' } as const;

/** The results as lines for a terminal, with the remedy under each that needs one. */
export function describeResults(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ title }) => title.length));
  const lines = results.flatMap(({ title, status, seen, remedy }) => [
    `  ${signs[status]} ${title.padEnd(width)}  ${seen}`,
    ...(remedy ? [`    ${' '.repeat(width)}  → ${remedy}`] : []),
  ]);
  const count = (status: Result['status']) => results.filter((result) => result.status === status).length;
  return [...lines, '', `  ${count('ok')} fine, ${count('warn')} to watch, ${count('fail')} wrong`].join('\n');
}

/** 1 when something is wrong; what is only to be watched doesn't count. */
export function exitCodeOf(results: readonly Result[]): 0 | 1 {
  return results.some(({ status }) => status === 'fail') ? 1 : 0;
}
