import { spawn } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** 15 minutes when absent. */
  timeoutMs?: number;
}

/** How a command ended. `code` is undefined when it could not be started or took too long. */
export interface Ended {
  code: number | undefined;
  /** The end of what it printed. */
  output: string;
  isMissing: boolean;
}

/** Runs a command to its end, without showing what it prints. */
export function runQuietly(
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs = 900_000 }: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-10_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ code: undefined, output: error.message, isMissing: error.code === 'ENOENT' }),
    );
    child.on('close', (code) => resolve({ code: code ?? undefined, output, isMissing: false }));
  });
}

/** Ctrl-C reaches the command itself; this process ends after it. */
function stay(): void {}

/** Runs a command that talks with the person at the terminal. @returns its exit code; 1 when a signal ended it */
export function runInForeground(command: string, args: readonly string[], options: RunOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: 'inherit' });
    process.on('SIGINT', stay);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGINT', stay);
      resolve(code ?? 1);
    });
  });
}
