import { spawn, type ChildProcess } from 'node:child_process';
import { isDeadline, machineNow } from './machine-clock.ts';

export interface Supervision {
  /** Resolves with the exit code for this process, when the worker is gone and `afterKill` is done. */
  readonly ended: Promise<number>;
  /** Asks the worker to stop; a second time to hurry. */
  stop(): void;
}

/**
 * Runs the worker, and kills it when the deadline that it told passes: it can't do so itself while its event loop is
 * blocked or the process is stopped. Until it tells one there is none.
 *
 * Whatever the worker started must die with it; see `browser/homes`. `afterKill` looks after what doesn't.
 */
export function supervise({
  command: [executable, ...args],
  afterKill,
  alarm,
}: {
  /** The worker, or a command that replaces itself by it. */
  command: readonly [string, ...string[]];
  /** When a worker that may have started browsers was killed, by whomever. */
  afterKill: () => Promise<void>;
  alarm: (message: string, fields?: Record<string, unknown>) => void;
}): Supervision {
  // A process group of its own: Ctrl-C reaches it through us, once.
  const worker = spawn(executable, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true });
  let killAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  worker.on('message', (message) => {
    if (!isDeadline(message)) return;
    killAt = Math.max(killAt ?? 0, message.killAt);
    watch(killAt);
  });

  function watch(deadline: number): void {
    clearTimeout(timer);
    // What the worker said while this process stood still is read before the deadline is judged.
    timer = setTimeout(() => setImmediate(() => judge(deadline)), Math.max(0, deadline - machineNow()));
  }

  function judge(deadline: number): void {
    if (deadline !== killAt || isGone(worker)) return;
    if (machineNow() < deadline) return watch(deadline);
    alarm('ALARM: the leases of this host are over, and it did not end itself: it is killed', {
      lateMs: Math.round(machineNow() - deadline),
    });
    worker.kill('SIGKILL');
  }

  async function untilEnded(): Promise<number> {
    const { code, signal } = await exitOf(worker);
    clearTimeout(timer);
    if (signal === null) return code ?? 1;
    alarm('The session host was killed', { signal });
    if (killAt !== undefined) await afterKill();
    return 1;
  }

  return { ended: untilEnded(), stop: () => void worker.kill('SIGTERM') };
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
