import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideChromium } from './chromium.mjs';
import { dependenciesAreCurrent, installDependencies } from './dependencies.mjs';
import { environmentWith, findNode24 } from './node24.mjs';
import { SetupError, step } from './report.mjs';
import { buildPages, staleBuilds } from './web.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Dependencies and Node 24: what the project's own tools need. Does only what is missing.
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} how to run the project's TypeScript
 */
export async function prepareTools() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new SetupError(`Node ${process.versions.node} is too old.`, 'Install Node 20 or newer.');
  if (!dependenciesAreCurrent(root))
    await step('Installing dependencies (about a minute, once)', () => installDependencies(root));
  const node = findNode24(root);
  return { node, env: environmentWith(root, node) };
}

/**
 * Makes a checkout ready to run: the tools, a browser and the built pages. Does only what is missing.
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} how to run the project's TypeScript
 */
export async function prepare() {
  const tools = await prepareTools();
  const env = { ...tools.env, CHROMIUM_PATH: await provideChromium() };
  for (const build of staleBuilds(root))
    await step(`Building the ${build.name} pages`, () => buildPages(root, build, env));
  return { node: tools.node, env };
}
