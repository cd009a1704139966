import { join } from 'node:path';
import { root } from './prepare.mjs';
import { fail } from './report.mjs';
import { runInForeground } from './run.mjs';

/**
 * Runs one of the project's TypeScript programs, with this process's arguments and in the foreground, once everything that it needs is there.
 * @param {string} main its path in the repository
 * @param {() => Promise<{ node: string, env: NodeJS.ProcessEnv }>} prepare
 */
export async function runMain(main, prepare) {
  try {
    const { node, env } = await prepare();
    process.exitCode = await runInForeground(node, [join(root, main), ...process.argv.slice(2)], { env });
  } catch (error) {
    fail(error);
  }
}
