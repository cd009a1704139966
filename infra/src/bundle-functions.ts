import { build } from 'esbuild';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleOptions } from '@top-active/lambdas/bundle';
import { functions } from '@top-active/lambdas/functions';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles every Lambda function into `<outdir>/<name>/index.mjs`, with the options that the local stack uses too. */
export async function bundleFunctions(outdir: string): Promise<void> {
  await Promise.all(
    functions.map(({ name, entry }) =>
      build({ ...bundleOptions, entryPoints: [join(repository, entry)], outfile: join(outdir, name, 'index.mjs') }),
    ),
  );
}
