import { describe, expect, it } from 'vitest';
import { readFailures } from './batch-item-failures.ts';

describe('partial batch response', () => {
  it.each([
    ['nothing', null],
    ['nothing at all', undefined],
    ['an object without the list', { ok: true }],
    ['no list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
    ['text', 'done'],
  ])('of %s says that all went well', (_, response) => {
    expect(readFailures(response, ['1', '2'])).toEqual(new Set());
  });

  it('names what failed', () => {
    expect(readFailures({ batchItemFailures: [{ itemIdentifier: '2' }] }, ['1', '2'])).toEqual(new Set(['2']));
  });

  it.each([
    ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['an id of none', { batchItemFailures: [{ itemIdentifier: '3' }] }],
    ['no id', { batchItemFailures: [{}] }],
    ['a misspelt key', { batchItemFailures: [{ itemIdentifer: '1' }] }],
    ['no list but text', { batchItemFailures: 'all' }],
  ])('with %s fails the whole batch', (_, response) => {
    expect(readFailures(response, ['1', '2'])).toBe('all');
  });
});
