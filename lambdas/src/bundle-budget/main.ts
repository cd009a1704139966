import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functions } from '../functions.ts';
import { measureBundles } from './measure-bundles.ts';
import { measureImports } from './measure-import.ts';
import { readBudget } from './read-budget.ts';

/**
 * Prints what each function's bundle weighs and what its import costs, beside its budget. Fails where one is exceeded.
 */
const dir = await mkdtemp(join(tmpdir(), 'bundle-budget-'));
try {
  const budget = await readBudget();
  const sizes = [...(await measureBundles(functions, dir))].map(([name, size]) => ({ name, ...size }));
  const ratios = await measureImports(new Map(sizes.map(({ name, file }) => [name, file])), dir);
  const rows = sizes.map(({ name, bytes, gzipBytes }) => ({
    name,
    bytes,
    gzipBytes,
    importRatio: Number(ratios.get(name)?.toFixed(2)),
    allowed: budget[name]?.importRatio ?? 0,
  }));
  console.table(rows);
  const exceeded = rows.filter((row) => row.importRatio > row.allowed).map((row) => row.name);
  if (exceeded.length > 0) {
    console.error(`Importing costs more than its budget allows: ${exceeded.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
