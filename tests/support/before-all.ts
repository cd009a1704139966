import { fileURLToPath } from 'node:url';
import { loadTemplates } from '@top-active/cloud/iam';
import { bundleCache, bundleFunctions } from '@top-active/cloud/lambda-runtime';
import { functions } from '@top-active/lambdas/functions';

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** Projects have their setups in one process, each with modules of its own. */
const kept: typeof globalThis & { beforeAll?: Promise<unknown> } = globalThis;

/**
 * What every stack needs, made once before the tests of all projects: templates and bundles. The first stack after a
 * change would make them within the time limit of its test, and those beside it as well.
 */
export async function setup(): Promise<void> {
  kept.beforeAll ??= Promise.all([
    loadTemplates('dev'),
    bundleFunctions({
      functions: functions.map(({ name, entry }) => ({ name, entry: repository + entry })),
      dir: bundleCache,
    }),
  ]);
  await kept.beforeAll;
}
