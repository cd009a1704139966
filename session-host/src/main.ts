import { fileURLToPath } from 'node:url';
import { killLeftOverBrowsers } from './browser/process-tree.ts';
import { killWithParent } from './supervisor/kill-with-parent.ts';
import { supervise } from './supervisor/supervise.ts';

// The supervisor: it must never be busy, and is small, so nothing of the host is loaded here. The worker checks the
// settings.
const { SCRATCH_DIR, BROWSER_USERS_DIR, SETPRIV_PATH = '/usr/bin/setpriv' } = process.env;
const worker = fileURLToPath(new URL('worker.ts', import.meta.url));

const supervision = supervise({
  command: killWithParent(SETPRIV_PATH, [process.execPath, worker]),
  async afterKill() {
    // Those under users of their own are beyond our signals: each has a keeper that kills it.
    if (SCRATCH_DIR !== undefined && BROWSER_USERS_DIR === undefined)
      await killLeftOverBrowsers(SCRATCH_DIR.replace(/\/+$/, ''));
  },
  alarm: (message, fields) => console.error(JSON.stringify({ level: 'ERROR', message, ...fields })),
});

const stop = () => supervision.stop();
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// A parent that holds a channel to us is gone, so nobody could stop us any more.
process.on('disconnect', stop);

process.exit(await supervision.ended);
