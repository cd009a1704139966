import { runKeeping } from './run.mjs';

/** Checks of one core each that run at once. */
const lanes = 2;

/**
 * Runs checks, each a list of commands. All commands of all checks run, whichever fails; what a failed one wrote is
 * shown.
 * @param {Record<string, string[][]>} checks
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, say?: (text: string) => void }} options
 * @returns {Promise<string[]>} names of those that failed
 */
export async function runChecks(checks, { cwd, env, say = console.log }) {
  /** @type {string[]} */
  const failed = [];
  const waiting = Object.entries(checks);
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, commands] = next;
      const startedAt = performance.now();
      const wrong = await runCheck(commands, { cwd, env });
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      say(`${wrong.length ? '✗' : '✓'} ${name} ${seconds} s`);
      for (const output of wrong) say(output);
      if (wrong.length) failed.push(name);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return failed;
}

/**
 * @param {string[][]} commands @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<string[]>} what those that failed wrote
 */
async function runCheck(commands, { cwd, env }) {
  const wrong = [];
  for (const [command = '', ...args] of commands) {
    const { code, output } = await runKeeping(command, args, { cwd, env });
    if (code !== 0) wrong.push(output.trimEnd() || `${command} ended with ${code}`);
  }
  return wrong;
}
