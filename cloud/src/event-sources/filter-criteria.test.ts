import { keys } from '@top-active/aws/items/keys';
import { describe, expect, it } from 'vitest';
import { functions } from '@top-active/lambdas/functions';
import { createFilter } from './filter-criteria.ts';

function image(attributes: Record<string, string>): object {
  return { dynamodb: { NewImage: Object.fromEntries(Object.entries(attributes).map(([name, S]) => [name, { S }])) } };
}

describe('filter criteria', () => {
  it('let everything through without patterns', () => {
    expect(createFilter([])({})).toBe(true);
  });

  it.each<[string, object, object, boolean]>([
    ['one of several values', { a: { b: ['x', 'y'] } }, { a: { b: 'y' } }, true],
    ['none of them', { a: { b: ['x', 'y'] } }, { a: { b: 'z' } }, false],
    ['a value that is missing', { a: { b: ['x'] } }, {}, false],
    ['null', { a: [null] }, { a: null }, true],
    ['a value in a list', { a: ['x'] }, { a: ['w', 'x'] }, true],
    ['a prefix', { a: [{ prefix: 'CHAT#' }] }, { a: 'CHAT#1' }, true],
    ['another prefix', { a: [{ prefix: 'CHAT#' }] }, { a: 'MSG#1' }, false],
    ['a prefix of what is no text', { a: [{ prefix: '1' }] }, { a: 12 }, false],
    ['what exists', { a: { S: [{ exists: true }] } }, { a: { S: '' } }, true],
    ['what should not exist', { a: [{ exists: false }] }, { a: 1 }, false],
    ['what does not exist', { a: { S: [{ exists: false }] } }, {}, true],
    ['anything but', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'z' }, true],
    ['what is excluded', { a: [{ 'anything-but': 'x' }] }, { a: 'x' }, false],
    ['an excluded prefix', { a: [{ 'anything-but': { prefix: 'x' } }] }, { a: 'xy' }, false],
    ['anything but, where there is nothing', { a: [{ 'anything-but': ['x'] }] }, {}, false],
    ['one alternative', { $or: [{ a: [2] }, { b: [1] }] }, { b: 1 }, true],
    ['no alternative', { $or: [{ a: [2] }, { b: [1] }], c: [1] }, { a: 3, c: 1 }, false],
    ['an alternative without the rest', { $or: [{ a: [2] }], c: [1] }, { a: 2 }, false],
    ['all fields', { a: [1], b: [2] }, { a: 1, b: 2 }, true],
    ['one field of two', { a: [1], b: [2] }, { a: 1, b: 3 }, false],
  ])('meet %s', (_, pattern, record, passes) => {
    expect(createFilter([pattern])(record)).toBe(passes);
  });

  it('refuse a rule they do not know before any record comes, rather than guessing', () => {
    expect(() => createFilter([{ a: [{ numeric: ['>', 0] }] }])).toThrow('numeric');
    expect(() => createFilter([{ a: 'x' }])).toThrow('"x"');
  });

  it('let through what the dispatch function wants, and nothing else', () => {
    const trigger = functions.find(({ name }) => name === 'dispatch')?.trigger;
    const filters = trigger?.kind === 'stream' ? trigger.filters : [];
    expect(filters.length).toBeGreaterThan(0);
    const passes = createFilter(filters);
    expect(passes(image({ sk: keys.chat('1'), assistantMode: 'suggest' }))).toBe(true);
    expect(passes(image({ sk: keys.chat('1'), assistantMode: 'off' }))).toBe(false);
    expect(passes(image({ sk: keys.chat('1') }))).toBe(false);
    expect(passes(image({ sk: keys.suggestion('1'), state: 'accepted' }))).toBe(true);
    expect(passes(image({ sk: keys.suggestion('1'), state: 'pending' }))).toBe(false);
    expect(passes(image({ sk: keys.message('1', '1'), assistantMode: 'suggest' }))).toBe(false);
  });
});
