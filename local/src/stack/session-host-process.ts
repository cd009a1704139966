import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../session-host/src/main.ts', import.meta.url));
/** Where Node keeps what it compiled, for every host of this checkout: each but the first is up in half the time. */
const compileCache = fileURLToPath(new URL('../../../node_modules/.cache/node', import.meta.url));
const restartDelayMs = 1_000;

export interface SessionHostProcess {
  readonly pid: number | undefined;
  /** Ends it as ECS does (SIGTERM, then SIGKILL when the time is up) and waits until it is gone. */
  stop(options?: { timeoutMs?: number }): Promise<void>;
  /**
   * Starts it again after `stop`, or for the first time when it was held back; with other settings until the next
   * `start`, if told.
   */
  start(settings?: Record<string, string>): void;
  /** Kills it without warning; it is started again after a second, as ECS would. */
  kill(): void;
}

/** Runs one session host in a process of its own and starts it again should it die. */
export function startSessionHost({
  env,
  wrapper = [],
  onLog,
  held = false,
}: {
  env: Record<string, string>;
  /** A command that runs the host, for example as another user. It must replace itself by the host. */
  wrapper?: readonly string[];
  onLog: (line: string) => void;
  /** Not before `start`. */
  held?: boolean | undefined;
}): SessionHostProcess {
  let stopping = held;
  let restart: NodeJS.Timeout | undefined;
  let settings: Record<string, string> = {};
  let child = held ? undefined : spawnHost();

  function spawnHost(): ChildProcess {
    // The IPC channel tells the host when this process is gone, however it went: no host outlives its stack. A process
    // group of its own: Ctrl-C in the terminal is for the stack; a host that got it too would take our SIGTERM for
    // the second one, and hurry instead of saving its sessions.
    const [executable, ...args] = [...wrapper, process.execPath, main];
    const started = spawn(executable, args, {
      env: { NODE_COMPILE_CACHE: compileCache, ...env, ...settings },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    for (const stream of [started.stdout, started.stderr])
      if (stream) createInterface({ input: stream }).on('line', onLog);
    started.on('exit', (code, signal) => {
      if (stopping) return;
      onLog(
        JSON.stringify({ level: 'WARN', message: 'The session host stopped and is being restarted', code, signal }),
      );
      restart = setTimeout(() => {
        child = spawnHost();
      }, restartDelayMs);
    });
    return started;
  }

  return {
    get pid() {
      return child?.pid;
    },
    async stop({ timeoutMs = 30_000 } = {}) {
      stopping = true;
      clearTimeout(restart);
      const ending = child;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
      const gone = new Promise((resolve) => ending.once('exit', resolve));
      ending.kill('SIGTERM');
      const deadline = setTimeout(() => ending.kill('SIGKILL'), timeoutMs);
      await gone;
      clearTimeout(deadline);
    },
    start(changed = {}) {
      if (!stopping) return;
      stopping = false;
      settings = changed;
      child = spawnHost();
    },
    kill() {
      child?.kill('SIGKILL');
    },
  };
}
