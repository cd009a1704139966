import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { killWithParent } from './kill-with-parent.ts';
import { machineNow, type Deadline } from './machine-clock.ts';
import { supervise } from './supervise.ts';

/**
 * A supervisor, its worker, and in place of a browser a process that never ends by itself. Says on its output which
 * they are, and each time the worker has told a deadline.
 */
export type FixtureLine = { supervisor: number; worker: number; browser: number } | { renewed: number };
/** Renews its deadline; has told one and blocks its event loop; has told one and goes on without another. */
export type WorkerMode = 'renews' | 'blocks' | 'forgets';

export const deadlineMs = 800;
const setprivPath = '/usr/bin/setpriv';
const [, self = '', role, mode] = process.argv;

if (self === fileURLToPath(import.meta.url)) await (role === 'worker' ? work() : watch());

async function watch(): Promise<void> {
  const supervision = supervise({
    command: killWithParent(setprivPath, [process.execPath, self, 'worker', role ?? '']),
    afterKill: () => Promise.resolve(),
    alarm: (message) => process.stderr.write(`${message}\n`),
  });
  process.on('SIGTERM', () => supervision.stop());
  process.exit(await supervision.ended);
}

function work(): void {
  const [executable, ...args] = killWithParent(setprivPath, ['/bin/sleep', '1000']);
  const browser = spawn(executable, args, { stdio: 'ignore', detached: true });
  process.on('SIGTERM', () => {
    browser.kill('SIGKILL');
    browser.once('exit', () => process.exit(0));
  });
  say({ supervisor: process.ppid, worker: process.pid, browser: browser.pid ?? 0 });
  let renewed = 0;
  const renew = () => {
    process.send?.({ killAt: machineNow() + deadlineMs } satisfies Deadline);
    say({ renewed: ++renewed });
  };
  renew();
  if (mode === 'blocks') for (;;);
  setInterval(() => {
    if (mode === 'renews') renew();
  }, 50);
}

function say(line: FixtureLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
