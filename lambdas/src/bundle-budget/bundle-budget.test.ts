import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functions } from '../functions.ts';
import { measureBundles, type BundleSize } from './measure-bundles.ts';
import { readBudget, type Budget } from './read-budget.ts';

const remedy = 'Leave something out, or raise the budget in lambdas/src/bundle-budget/budget.json and say why.';

describe('bundles', () => {
  let dir = '';
  let budget: Budget = {};
  let sizes = new Map<string, BundleSize>();

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bundle-budget-'));
    budget = await readBudget();
    sizes = await measureBundles(functions, dir);
  }, 180_000);
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('has a budget for every function and for nothing else', () => {
    expect(Object.keys(budget).toSorted()).toEqual(functions.map(({ name }) => name).toSorted());
  });

  it('stay within their sizes', () => {
    const exceeded = [...sizes].flatMap(([name, { bytes, gzipBytes, parts }]) => {
      const limit = budget[name];
      if (limit && bytes <= limit.bytes && gzipBytes <= limit.gzipBytes) return [];
      const largest = parts.slice(0, 8).map((part) => `${part.name} ${part.bytes}`);
      return [
        `${name}: ${bytes} bytes (${gzipBytes} gzipped), allowed ${limit?.bytes} (${limit?.gzipBytes}). Largest: ${largest.join(', ')}. ${remedy}`,
      ];
    });
    expect(exceeded).toEqual([]);
  });
});
