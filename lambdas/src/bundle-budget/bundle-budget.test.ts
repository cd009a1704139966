import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { functions } from '../functions.ts';
import { measureBundle, type BundleSize } from './measure-bundle.ts';
import { measureImports } from './measure-import.ts';

const budgetSchema = z.record(
  z.string(),
  z.object({ bytes: z.int().positive(), gzipBytes: z.int().positive(), importRatio: z.number().positive() }),
);

const remedy = 'Leave something out, or raise the budget in lambdas/src/bundle-budget/budget.json and say why.';

describe('bundles', () => {
  let dir = '';
  let budget: z.infer<typeof budgetSchema> = {};
  let sizes = new Map<string, BundleSize>();

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bundle-budget-'));
    budget = budgetSchema.parse(JSON.parse(await readFile(join(import.meta.dirname, 'budget.json'), 'utf8')));
    sizes = new Map(
      await Promise.all(functions.map(async (one) => [one.name, await measureBundle(one, dir)] as const)),
    );
    if (process.env.SHOW_BUNDLES)
      show({ sizes: [...sizes].map(([name, { bytes, gzipBytes }]) => ({ name, bytes, gzipBytes })) });
  }, 60_000);
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

  it('are imported within their budgets', async () => {
    const ratios = await measureImports(new Map([...sizes].map(([name, { file }]) => [name, file])), dir);
    if (process.env.SHOW_BUNDLES) show({ ratios: Object.fromEntries(ratios) });
    const exceeded = [...ratios].flatMap(([name, ratio]) => {
      const limit = budget[name]?.importRatio ?? 0;
      if (ratio <= limit) return [];
      const largest =
        sizes
          .get(name)
          ?.parts.slice(0, 8)
          .map((part) => `${part.name} ${part.bytes}`) ?? [];
      return [
        `${name}: importing costs ${ratio.toFixed(2)} times the reference, allowed ${limit}. Largest: ${largest.join(', ')}. ${remedy}`,
      ];
    });
    expect(exceeded).toEqual([]);
  }, 120_000);
});

function show(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures, null, 1)}\n`);
}
