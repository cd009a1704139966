// `npm run ops -- NAME`: what an operator runs.
import { join } from 'node:path';
import { choose } from './setup/choose.mjs';
import { dependenciesAreCurrent } from './setup/dependencies.mjs';
import { environmentWith, findNode24 } from './setup/node24.mjs';
import { prepareTools, root } from './setup/prepare.mjs';
import { SetupError } from './setup/report.mjs';
import { runMain } from './setup/run-main.mjs';

/** The doctor looks, and changes nothing: it installs nothing either. */
async function findTools() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new SetupError(`Node ${process.versions.node} is too old.`, 'Install Node 20 or newer.');
  if (!dependenciesAreCurrent(root))
    throw new SetupError(
      'The installed packages are not those of package-lock.json.',
      'Run npm start once; it installs them.',
    );
  const node = findNode24(root);
  return { node, env: environmentWith(root, node) };
}

/** @param {string} main @param {typeof prepareTools} [prepare] */
const program =
  (main, prepare = prepareTools) =>
  (/** @type {string[]} */ args) =>
    runMain(main, { prepare, args });

await choose('npm run ops', {
  doctor: {
    says: 'finds what is wrong, on this machine or (--stage) in AWS',
    run: program(join('operations', 'src', 'doctor', 'main.ts'), findTools),
  },
  restore: { says: 'restores tables to a point in time', run: program('operations/src/restore/main.ts') },
  cost: {
    says: 'estimates the monthly bill from templates, counted requests and list prices',
    run: program('operations/src/cost/main.ts'),
  },
  extension: {
    says: 'builds the link extension into link-extension/dist',
    run: program('link-extension/build/main.ts'),
  },
  synth: { says: 'writes the CloudFormation templates', run: program('infra/src/synth.ts') },
});
