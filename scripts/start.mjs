// `npm start`: everything on this machine with one command. See README.md.
import { join } from 'node:path';
import { prepare, root } from './setup/prepare.mjs';
import { fail } from './setup/report.mjs';
import { runInForeground } from './setup/run.mjs';

try {
  console.log('\n  Top Active WhatsApp\n');
  const { node, env } = await prepare();
  process.exitCode = await runInForeground(node, [join(root, 'local', 'src', 'main.ts'), ...process.argv.slice(2)], {
    env,
    channel: true,
  });
} catch (error) {
  fail(error);
}
