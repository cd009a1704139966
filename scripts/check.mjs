// `npm run check`: everything that is looked at before a change lands, or only what is named. With the tests among it,
// the last line is the sum: each check that failed counts as one more failure.
import { join } from 'node:path';
import { prepare, root } from './setup/prepare.mjs';
import { fail, SetupError } from './setup/report.mjs';
import { runChecks } from './setup/run-checks.mjs';
import { runTests, sumLine } from './setup/run-tests.mjs';

const bin = (/** @type {string} */ name) => join(root, 'node_modules', '.bin', name);
const tsc = join('node_modules', 'typescript-native', 'bin', 'tsc');
const projects = ['.', 'infra', 'operations', 'world/src/whatsapp/page', 'link-extension'];
const tests = 'test';

/**
 * @param {string} node
 * @returns {Record<string, string[][]>}
 */
const checksWith = (node) => ({
  format: [[bin('oxfmt'), '--check', '.']],
  lint: [
    [bin('oxlint'), '--type-aware'],
    [bin('eslint'), '{web,world}/**/*.vue'],
  ],
  types: [
    ...projects.map((project) => [node, tsc, '-p', project]),
    ['npm', 'run', '--silent', 'types', '--workspace', 'web', '--workspace', 'world'],
  ],
  deadcode: [[bin('knip')]],
  synth: [[node, join('infra', 'src', 'synth.ts')]],
  permissions: [[node, join('proofs', 'iam-mutations', 'main.ts')]],
});

try {
  const { node, env } = await prepare();
  const checks = Object.entries(checksWith(node));
  const names = [...checks.map(([name]) => name), tests];
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : names;
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length)
    throw new SetupError(`There is no check “${unknown.join(', ')}”.`, `They are ${names.join(', ')}.`);

  const failed = await runChecks(Object.fromEntries(checks.filter(([name]) => wanted.includes(name))), {
    cwd: root,
    env,
  });
  const sum = wanted.includes(tests) ? await runTests(env) : undefined;
  if (failed.length) console.log(`\nFailed beside the tests: ${failed.join(', ')}. Each counts as one failure.`);
  if (sum) console.log(`\n${sumLine({ ...sum, failed: sum.failed + failed.length })}`);
  else if (failed.length === 0) console.log('\nAll checks passed.');
  process.exitCode = failed.length || sum?.failed ? 1 : 0;
} catch (error) {
  fail(error);
}
