import { playAttempts } from '@top-active/operations/isolation/play-attempts';
import { describe, expect, it } from 'vitest';

const failing = (name: string, message = '') => Promise.reject(Object.assign(new Error(message), { name }));

describe('an attempt on a neighbour', () => {
  it.each([
    ['is refused by IAM', () => failing('AccessDeniedException'), 0],
    ['fails for another reason', () => failing('ResourceNotFoundException'), 1],
    ['is refused with the neighbour’s words', () => failing('AccessDenied', 'the mark'), 1],
    ['succeeds', () => Promise.resolve({}), 1],
  ])('that %s counts as %#', async (_, run, through) => {
    const played = await playAttempts([{ what: 'x', run }], 'mark');
    expect(played).toMatchObject({ tried: 1 });
    expect(played.through).toHaveLength(through);
  });
});
