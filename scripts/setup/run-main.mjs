import { join } from 'node:path';
import { root } from './prepare.mjs';
import { fail } from './report.mjs';
import { runInForeground } from './run.mjs';

/**
 * Runs one of the project's TypeScript programs in the foreground, once everything that it needs is there.
 * @param {string} main its path in the repository
 * @param {{ prepare: () => Promise<{ node: string, env: NodeJS.ProcessEnv }>, args: string[], env?: NodeJS.ProcessEnv
 *   }} options
 */
export async function runMain(main, { prepare, args, env: more }) {
  try {
    const { node, env } = await prepare();
    process.exitCode = await runInForeground(node, [join(root, main), ...args], { env: { ...env, ...more } });
  } catch (error) {
    fail(error);
  }
}
