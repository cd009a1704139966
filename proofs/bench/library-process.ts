import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  libraryEventSchema,
  type LibraryEvent,
  type LibraryHostOptions,
  type LibraryOrder,
} from './library-messages.ts';
import { descendantsOf } from './process-usage.ts';

export interface LibraryProcess {
  readonly pid: number;
  send(order: LibraryOrder): void;
  /**
   * What `choose` makes of the first event for which it answers. @throws what `choose` throws, and when the time is up
   * or the process has ended
   */
  next<T>(choose: (event: LibraryEvent) => T | undefined, options: { what: string; timeoutMs: number }): Promise<T>;
  /** Closes its clients in order and ends it; kills it when that takes too long. */
  end(): Promise<void>;
}

const main = fileURLToPath(new URL('library-host.ts', import.meta.url));
const endTimeoutMs = 60_000;

/** Starts a process with the library's clients. Listen for what it tells at once. */
export function startLibraryProcess(options: LibraryHostOptions, env: Record<string, string>): LibraryProcess {
  const child = fork(main, [JSON.stringify(options)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("The library's process did not start");
  // One for each client that is waited for.
  child.setMaxListeners(100);
  const listeners = new Set<(event: LibraryEvent) => void>();
  child.on('message', (message) => {
    const event = libraryEventSchema.parse(message);
    for (const listener of listeners) listener(event);
  });

  return {
    pid,
    send: (order) => void child.send(order),
    next(choose, { what, timeoutMs }) {
      return new Promise((resolve, reject) => {
        const leave = () => {
          clearTimeout(timer);
          listeners.delete(listen);
          child.off('exit', onExit);
        };
        const fail = (error: unknown) => {
          leave();
          reject(error instanceof Error ? error : new Error(String(error)));
        };
        const listen = (event: LibraryEvent) => {
          try {
            const chosen = choose(event);
            if (chosen === undefined) return;
            leave();
            resolve(chosen);
          } catch (error) {
            fail(error);
          }
        };
        const onExit = () => fail(`The library's process ended before ${what}`);
        const timer = setTimeout(() => fail(`${what} did not come within ${timeoutMs} ms`), timeoutMs);
        listeners.add(listen);
        child.once('exit', onExit);
      });
    },
    end: () => endProcess(child),
  };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.send({ do: 'end' } satisfies LibraryOrder);
  const timer = setTimeout(() => killAll(child), endTimeoutMs);
  await gone;
  clearTimeout(timer);
}

/** Its browsers would outlive it. */
function killAll(child: ChildProcess): void {
  const browsers = child.pid === undefined ? [] : descendantsOf(child.pid);
  child.kill('SIGKILL');
  for (const pid of browsers) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone with its parent.
    }
  }
}
