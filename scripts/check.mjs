// `npm run check`: everything that is looked at before a change lands, or only what is named.
import { join } from 'node:path';
import { prepare, root } from './setup/prepare.mjs';
import { fail, SetupError } from './setup/report.mjs';
import { runInForeground } from './setup/run.mjs';

const bin = (/** @type {string} */ name) => join(root, 'node_modules', '.bin', name);
const tsc = join('node_modules', 'typescript-native', 'bin', 'tsc');
const projects = ['.', 'infra', 'operations', 'world/src/whatsapp/page', 'link-extension'];

/**
 * Each a list of commands; all of them run, whichever fails.
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
  test: [[node, join('scripts', 'test.mjs')]],
});

try {
  const { node, env } = await prepare();
  const checks = checksWith(node);
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(checks);
  const unknown = wanted.filter((name) => !Object.hasOwn(checks, name));
  if (unknown.length)
    throw new SetupError(`There is no check “${unknown.join(', ')}”.`, `They are ${Object.keys(checks).join(', ')}.`);
  const failed = [];
  for (const name of wanted) {
    console.log(`\n── ${name}`);
    const codes = [];
    for (const [command = '', ...args] of checks[name] ?? [])
      codes.push(await runInForeground(command, args, { cwd: root, env }));
    if (codes.some((code) => code !== 0)) failed.push(name);
  }
  console.log(failed.length ? `\nFailed: ${failed.join(', ')}` : '\nAll checks passed.');
  process.exitCode = failed.length ? 1 : 0;
} catch (error) {
  fail(error);
}
