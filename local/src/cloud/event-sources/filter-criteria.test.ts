import { describe, expect, it } from 'vitest';
import { functions } from '@top-active/lambdas/functions';
import { matchesAny, type FilterPattern } from './filter-criteria.ts';

const image = (attributes: Record<string, string>) => ({
  dynamodb: { NewImage: Object.fromEntries(Object.entries(attributes).map(([name, S]) => [name, { S }])) },
});

describe('filter criteria', () => {
  it('lets everything through without patterns', () => {
    expect(matchesAny({}, [])).toBe(true);
  });

  it('knows equality, prefix, exists and $or', () => {
    expect(matchesAny({ a: { b: 'x' } }, [{ a: { b: ['x', 'y'] } }])).toBe(true);
    expect(matchesAny({ a: { b: 'z' } }, [{ a: { b: ['x', 'y'] } }])).toBe(false);
    expect(matchesAny({ a: 'CHAT#1' }, [{ a: [{ prefix: 'CHAT#' }] }])).toBe(true);
    expect(matchesAny({}, [{ a: [{ exists: false }] }])).toBe(true);
    expect(matchesAny({ a: 1 }, [{ $or: [{ a: [2] }, { a: [1] }] }])).toBe(true);
  });

  it('refuses an operator that it does not know, rather than guessing', () => {
    expect(() => matchesAny({ a: 1 }, [{ a: [{ numeric: ['>', 0] }] }])).toThrow(/numeric/);
  });

  it('lets through what the dispatch function wants, and nothing else', () => {
    const trigger = functions.find(({ name }) => name === 'dispatch')?.trigger;
    const filters = trigger?.kind === 'stream' ? (trigger.filters as FilterPattern[]) : [];
    expect(filters.length).toBeGreaterThan(0);
    expect(matchesAny(image({ sk: 'CHAT#1', assistantMode: 'suggest' }), filters)).toBe(true);
    expect(matchesAny(image({ sk: 'CHAT#1', assistantMode: 'off' }), filters)).toBe(false);
    expect(matchesAny(image({ sk: 'CHAT#1' }), filters)).toBe(false);
    expect(matchesAny(image({ sk: 'SUGGESTION#1', state: 'accepted' }), filters)).toBe(true);
    expect(matchesAny(image({ sk: 'SUGGESTION#1', state: 'pending' }), filters)).toBe(false);
    expect(matchesAny(image({ sk: 'MSG#1', assistantMode: 'suggest' }), filters)).toBe(false);
  });
});
