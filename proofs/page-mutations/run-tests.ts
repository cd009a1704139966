import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Mutant } from './mutants.ts';

export interface Outcome {
  passed: number;
  failed: number;
}

const root = join(import.meta.dirname, '../..');
const timeoutMs = 600_000;

const reportSchema = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

/**
 * Runs a mutant's tests with its repair switched off.
 * @throws Error when the tests couldn't be run, or took longer than ten minutes
 */
export async function runTests({ repair, project, file, tests }: Mutant): Promise<Outcome> {
  const dir = await mkdtemp(join(tmpdir(), 'page-mutations-'));
  const outputFile = join(dir, 'report.json');
  try {
    const only = tests === undefined ? [] : ['-t', tests];
    const args = [
      'vitest',
      'run',
      '--project',
      project,
      file,
      '--retry=0',
      '--reporter=json',
      `--outputFile=${outputFile}`,
    ];
    const child = spawn('npx', [...args, ...only], {
      cwd: root,
      env: { ...process.env, REPAIRS_OFF: repair },
      stdio: 'ignore',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await once(child, 'exit');
    const { numPassedTests, numFailedTests } = reportSchema.parse(JSON.parse(await readFile(outputFile, 'utf8')));
    return { passed: numPassedTests, failed: numFailedTests };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
