// `npm run drill:restore`: rehearses the loss of all tables. See docs/operations/backup-and-restore.md.
import { join } from 'node:path';
import { prepare, root } from './setup/prepare.mjs';
import { fail } from './setup/report.mjs';
import { runInForeground } from './setup/run.mjs';

try {
  const { node, env } = await prepare();
  const main = join(root, 'local', 'src', 'drill', 'main.ts');
  process.exitCode = await runInForeground(node, [main, ...process.argv.slice(2)], { env });
} catch (error) {
  fail(error);
}
