import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './run.mjs';

/** @typedef {{ name: string, inputs: string[], output: string }} Build */

/**
 * The two Vite builds of the local stack, and everything that goes into each.
 * @type {Build[]}
 */
const builds = [
  { name: 'web', inputs: ['web', 'core/src/contracts', 'link-extension'], output: 'web/dist' },
  { name: 'phones', inputs: ['world/phones'], output: 'world/phones/dist' },
];

/** The builds whose inputs changed since they were built. @param {string} root */
export function staleBuilds(root) {
  return builds.filter(
    ({ inputs, output }) =>
      !existsSync(join(root, output, 'index.html')) || readStamp(root, output) !== hashOf(root, inputs),
  );
}

/** @param {string} root @param {Build} build @param {NodeJS.ProcessEnv} env */
export async function buildPages(root, { inputs, output }, env) {
  const folder = join(root, output, '..');
  await runQuietly(join(root, 'node_modules', '.bin', 'vite'), ['build'], { cwd: folder, env });
  writeFileSync(join(root, output, '.built'), hashOf(root, inputs));
}

/** @param {string} root @param {string} output */
function readStamp(root, output) {
  const stamp = join(root, output, '.built');
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
}

/** @param {string} root @param {string[]} inputs */
function hashOf(root, inputs) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const input of inputs)
    for (const file of filesOf(join(root, input))) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

/** @param {string} path @returns {string[]} */
function filesOf(path) {
  if (!/\.[a-z]+$/i.test(path)) {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.name !== 'dist' && entry.name !== 'node_modules' && !entry.name.endsWith('.test.ts'))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => (entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)]));
  }
  return [path];
}
