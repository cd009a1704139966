import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './prepare.mjs';
import { runInForeground } from './run.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Sum */

/**
 * Runs vitest in the foreground, and counts.
 * @param {NodeJS.ProcessEnv} env @param {string[]} [args] of vitest: files, --project
 * @returns {Promise<Sum>} `failed` is never 0 when vitest itself was not content
 */
export async function runTests(env, args = []) {
  const report = join(tmpdir(), `top-active-tests-${process.pid}.json`);
  const exitCode = await runInForeground(
    join(root, 'node_modules', '.bin', 'vitest'),
    [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--reporter=${join(root, 'scripts', 'setup', 'second-tries.mjs')}`,
      `--outputFile.json=${report}`,
      ...args,
    ],
    { cwd: root, env },
  );
  const written = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  rmSync(report, { force: true });
  return sumOf(written, exitCode);
}

/**
 * @param {any} report of vitest's JSON reporter; undefined: there is none @param {number} exitCode
 * @returns {Sum}
 */
export function sumOf(report, exitCode) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report;
  // A file that cannot even be loaded runs no test: it counts as one failure, or a broken suite would look green.
  const unloadable = testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  // So does what fails outside of any test: an error that nobody handled, a hook after the last test.
  const failed = numFailedTests + unloadable || (exitCode === 0 ? 0 : 1);
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
}

/** @param {Sum} sum */
export function sumLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}
