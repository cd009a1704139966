import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ServerProcess {
  /** Of the server itself. */
  readonly pid: Promise<number>;
  /** Settles with the last of what it wrote to stderr, when it is gone. */
  readonly exited: Promise<string>;
  /** SIGTERM, then SIGKILL after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

export interface ServerProcessOptions {
  command: string;
  args: readonly string[];
  /** Each line it writes to stderr. */
  onLine: (line: string) => void;
}

/**
 * Ends the server when standard input ends, which the kernel sees to when this process is gone, however it went.
 * The first line of output is the server's process id.
 */
const guard = `
exec 3<&0
"$0" "$@" 3<&- </dev/null >&2 & server=$!
echo $server
{ read -r _ <&3; kill -TERM $server; } >/dev/null 2>&1 & reader=$!
exec 3<&-
wait $server
status=$?
kill $reader 2>/dev/null
exit $status`;
const keptCharacters = 4_000;

/** Starts a server that can't outlive this process. */
export function startServerProcess({ command, args, onLine }: ServerProcessOptions): ServerProcess {
  // A process group of its own: Ctrl+C in the terminal is for the stack, which ends its servers in their order.
  const child = spawn('/bin/sh', ['-c', guard, command, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {},
    detached: true,
  });
  let written = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    written = `${written}${line}\n`.slice(-keptCharacters);
    onLine(line);
  });
  // The pipe breaks when the guard is killed; its exit tells enough.
  child.stdin.on('error', () => undefined);
  const pid = once(child.stdout, 'data').then(([line]) => Number(line));
  const exited = once(child, 'close').then(() => written);

  return {
    pid,
    exited,
    async stop(graceMs) {
      child.stdin.end();
      const deadline = setTimeout(() => {
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      }, graceMs);
      await exited;
      clearTimeout(deadline);
    },
  };
}
