import { spawn } from 'node:child_process';

/**
 * Runs a command to its end, quietly: its output is kept and shown only if it fails.
 * @param {string} command @param {string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }}
 *   [options]
 * @returns {Promise<string>} what it printed
 */
export function runQuietly(command, args, { cwd, env, timeoutMs = 900_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(
          Object.assign(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}\n${output}`), { output }),
        );
    });
  });
}

/**
 * Runs a command to its end and keeps all that it prints, for whoever runs several at once.
 * @param {string} command @param {string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runKeeping(command, args, { cwd, env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
    // It could not be started: it has failed like any other.
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, output: signal === null ? output : `${output}\n${command} ended by ${signal}` }),
    );
  });
}

/** The terminal's Ctrl-C is for the command; this process ends when the command has. */
function stay() {}

/**
 * Runs a command in the foreground. Signals of the terminal reach it directly, so this process only waits for it.
 * `channel`: a Node program that is told by 'disconnect' when this process is gone, even killed.
 * @param {string} command @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, channel?: boolean }} [options]
 * @returns {Promise<number>} its exit code
 */
export function runInForeground(command, args, { cwd, env, channel = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['inherit', 'inherit', 'inherit', channel ? 'ipc' : 'ignore'],
    });
    const onTerminate = () => child.kill('SIGTERM');
    process.on('SIGINT', stay);
    process.on('SIGTERM', onTerminate);
    process.on('SIGHUP', onTerminate);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', stay);
      process.off('SIGTERM', onTerminate);
      process.off('SIGHUP', onTerminate);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}
