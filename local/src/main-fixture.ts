import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from './client/until.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const bootsWithinMs = 60_000;

export interface CommandLine {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly written: { stdout: string; stderr: string };
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Resolves when the addresses are shown. */
  started(): Promise<void>;
  /** As Ctrl-C in a terminal: to the whole process group. */
  interrupt(): void;
}

/** Runs the command line as `npm start` does, leading a process group as under a terminal. */
export function runMain(args: readonly string[], env: Readonly<Record<string, string>> = {}): CommandLine {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  const ended = once(child, 'close').then(() => child.exitCode ?? child.signalCode ?? 'unknown');
  return {
    child,
    written,
    ended,
    async started() {
      await until(() => Promise.resolve(written.stdout.includes('Ctrl-C') || child.exitCode !== null || undefined), {
        what: 'the addresses',
        timeoutMs: bootsWithinMs,
      });
      if (child.exitCode !== null) throw new Error(`It ended: ${written.stderr}`);
    },
    interrupt() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    },
  };
}

/** Command lines of all processes that name the folder in their arguments or environment. Linux only. */
export function processesOf(dir: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readProc(pid, 'cmdline').includes(dir) || readProc(pid, 'environ').includes(dir))
    .map((pid) => `${pid} ${readProc(pid, 'cmdline').replaceAll('\0', ' ')}`);
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}
