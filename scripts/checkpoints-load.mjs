// `npm run checkpoints:load`: 200 checkpoints of a profile that is written all the time, each opened by a browser. Another number as its argument.
import { join } from 'node:path';
import { prepare, root } from './setup/prepare.mjs';
import { fail } from './setup/report.mjs';
import { runInForeground } from './setup/run.mjs';

try {
  const { env } = await prepare();
  const vitest = join(root, 'node_modules', '.bin', 'vitest');
  const args = ['run', '--project', 'session-host', '--retry=0', '--reporter=verbose'];
  const test = 'session-host/src/checkpoint/under-load';
  process.exitCode = await runInForeground(vitest, [...args, test], {
    cwd: root,
    env: { ...env, CHECKPOINT_COPIES: process.argv[2] ?? '200' },
  });
} catch (error) {
  fail(error);
}
