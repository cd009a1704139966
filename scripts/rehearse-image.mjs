// `npm run image:rehearse`: takes the steps of session-host/Dockerfile without Docker and runs the host in what they made.
import { join } from 'node:path';
import { prepare, root } from './setup/prepare.mjs';
import { fail } from './setup/report.mjs';
import { runInForeground } from './setup/run.mjs';

try {
  const { node, env } = await prepare();
  const main = join(root, 'local', 'src', 'image', 'main.ts');
  process.exitCode = await runInForeground(node, [main, ...process.argv.slice(2)], { env });
} catch (error) {
  fail(error);
}
