import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const rounds = 5;
const timeoutMs = 30_000;
/** Classes in the reference module: its import takes about as long as that of a small function. */
const referenceClasses = 2_500;

const script = `
const before = process.cpuUsage();
await import(process.argv[1]);
const { user, system } = process.cpuUsage(before);
process.stdout.write(String(user + system));
process.exit(0);
`;

/**
 * What importing each file costs in a fresh process of this Node, as a ratio to the import of a reference module of
 * fixed work in the same run. Processor time, not time on the clock, and the best of five rounds: other work on the
 * machine makes both sides slower, and the ratio hardly.
 */
export async function measureImports(files: ReadonlyMap<string, string>, dir: string): Promise<Map<string, number>> {
  const reference = join(dir, 'reference.mjs');
  await writeFile(reference, referenceModule());
  const best = new Map<string, number>();
  for (let round = 0; round < rounds; round++)
    for (const [name, file] of [['', reference] as const, ...files])
      best.set(name, Math.min(best.get(name) ?? Infinity, await importOnce(file)));
  const unit = best.get('') ?? Infinity;
  return new Map([...files.keys()].map((name) => [name, (best.get(name) ?? Infinity) / unit]));
}

/** Microseconds of processor time. */
async function importOnce(file: string): Promise<number> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script, file], {
    timeout: timeoutMs,
    // As in Lambda: nothing compiled is left over from an earlier run.
    env: { AWS_REGION: 'us-east-1', NODE_DISABLE_COMPILE_CACHE: '1' },
  });
  return z.coerce.number().positive().parse(stdout);
}

/** What bundles are made of: classes and functions, each compiled and run once. */
function referenceModule(): string {
  return Array.from(
    { length: referenceClasses },
    (_, i) =>
      `class C${i} { constructor(a) { this.a = a; this.b = [a, ${i}]; } sum() { return this.b.reduce((x, y) => x + y, this.a); } static make(n) { return new C${i}(n); } }
export const v${i} = C${i}.make(${i}).sum() + JSON.stringify({ k${i}: [${i}, 'x${i}'] }).length;
`,
  ).join('');
}
