// `npm test`: every test of every runner, ending with the true sum on a line of its own.
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root } from './setup/prepare.mjs';
import { fail } from './setup/report.mjs';
import { runInForeground } from './setup/run.mjs';

try {
  const { env } = await prepare();
  const report = join(tmpdir(), `top-active-tests-${process.pid}.json`);
  const vitest = join(root, 'node_modules', '.bin', 'vitest');
  const args = [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--reporter=${join(root, 'scripts', 'setup', 'second-tries.mjs')}`,
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ];
  const exitCode = await runInForeground(vitest, args, { cwd: root, env });
  const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, numTodoTests, testResults } =
    JSON.parse(readFileSync(report, 'utf8'));
  rmSync(report);
  // A file that cannot even be loaded runs no test: it counts as one failure, or a broken suite would look green.
  const unloadable = testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = numFailedTests + unloadable;
  const skipped = numPendingTests + numTodoTests;
  console.log(`\n${numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  process.exitCode = exitCode || (failed || numFailedTestSuites ? 1 : 0);
} catch (error) {
  fail(error);
}
