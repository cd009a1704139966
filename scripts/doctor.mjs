// `npm run doctor`: says what is wrong with this machine's stack or, with --stage, with an AWS account. Changes nothing.
import { join } from 'node:path';
import { dependenciesAreCurrent } from './setup/dependencies.mjs';
import { environmentWith, findNode24 } from './setup/node24.mjs';
import { root } from './setup/prepare.mjs';
import { fail, SetupError } from './setup/report.mjs';
import { runInForeground } from './setup/run.mjs';

try {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new SetupError(`Node ${process.versions.node} is too old.`, 'Install Node 20 or newer.');
  if (!dependenciesAreCurrent(root))
    throw new SetupError(
      'The dependencies are not those of package-lock.json.',
      'Run npm start once, which installs them.',
    );
  const node = findNode24(root);
  const main = join(root, 'operations', 'src', 'doctor', 'main.ts');
  process.exitCode = await runInForeground(node, [main, ...process.argv.slice(2)], {
    env: environmentWith(root, node),
  });
} catch (error) {
  fail(error);
}
