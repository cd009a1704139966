// `npm run deploy`, `npm run deploy:web`: everything, or the web app, into an AWS account. See docs/deploy/README.md.
import { join } from 'node:path';
import { prepareTools, root } from './setup/prepare.mjs';
import { fail } from './setup/report.mjs';
import { runInForeground } from './setup/run.mjs';

try {
  const { node, env } = await prepareTools();
  const main = join(root, 'infra', 'src', 'deploy', 'main.ts');
  process.exitCode = await runInForeground(node, [main, ...process.argv.slice(2)], { env });
} catch (error) {
  fail(error);
}
