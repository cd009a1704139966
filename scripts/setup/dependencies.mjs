import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './report.mjs';
import { runQuietly } from './run.mjs';

const neededBytes = 2.5e9;

/** Whether node_modules is what package-lock.json says. @param {string} root */
export function dependenciesAreCurrent(root) {
  const stamp = join(root, 'node_modules', '.installed');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash(root);
}

/**
 * Installs what package-lock.json says and leaves that file alone. Not `npm ci`: it refuses a lockfile in which a
 * registry could not resolve the binaries of other platforms, which are optional.
 * @param {string} root
 */
export async function installDependencies(root) {
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < neededBytes)
    throw new SetupError(
      `Only ${((bavail * bsize) / 1e9).toFixed(1)} GB are free on the disk of ${root}.`,
      `Free at least ${neededBytes / 1e9} GB and try again.`,
    );
  try {
    await runQuietly('npm', ['install', '--no-save', '--no-progress', '--loglevel=error'], { cwd: root });
  } catch (error) {
    throw explain(error);
  }
  writeFileSync(join(root, 'node_modules', '.installed'), lockHash(root));
}

/** @param {string} root */
function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** @param {unknown} error */
function explain(error) {
  const output = String(error instanceof Error && 'output' in error ? error.output : error);
  if (/ENOSPC/.test(output)) return new SetupError('The disk is full.', 'Free some space and try again.');
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network/i.test(output))
    return new SetupError(
      'The npm registry cannot be reached.',
      'Check the network and the proxy settings of npm, and try again.',
    );
  const reasons = output.split('\n').filter((line) => line.startsWith('npm error'));
  return new SetupError(
    `npm could not install the dependencies:\n  ${reasons.slice(0, 5).join('\n  ')}`,
    'Read the message above. `npm install` shows all of it.',
  );
}
