import { gzipSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { bundleOptions } from '../../bundle.ts';
import type { FunctionDefinition } from '../functions.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

export interface BundleSize {
  file: string;
  bytes: number;
  gzipBytes: number;
  /** Packages and workspaces by what they take up in the bundle, the largest first. */
  parts: readonly { name: string; bytes: number }[];
}

/**
 * Bundles functions as for a deployment into `<outdir>/<name>/index.mjs`; answers the size of each by its name. All at
 * once, so that what they share is read and parsed once.
 */
export async function measureBundles(
  functions: readonly FunctionDefinition[],
  outdir: string,
): Promise<Map<string, BundleSize>> {
  const { metafile } = await build({
    ...bundleOptions,
    absWorkingDir: repository,
    entryPoints: functions.map(({ name, entry }) => ({ in: entry, out: `${name}/index` })),
    outdir,
    metafile: true,
  });
  return new Map(
    await Promise.all(
      functions.map(async ({ name, entry }): Promise<[string, BundleSize]> => {
        const file = join(outdir, name, 'index.mjs');
        const code = await readFile(file);
        const parts = partsOf(metafile, entry);
        return [name, { file, bytes: code.length, gzipBytes: gzipSync(code).length, parts }];
      }),
    ),
  );
}

function partsOf({ outputs }: Metafile, entry: string): { name: string; bytes: number }[] {
  const bytesOf = new Map<string, number>();
  const output = Object.values(outputs).find(({ entryPoint }) => entryPoint === entry);
  if (!output) throw new Error(`esbuild made no bundle of ${entry}`);
  for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
    const name = packageOf(path);
    bytesOf.set(name, (bytesOf.get(name) ?? 0) + bytesInOutput);
  }
  return [...bytesOf].map(([name, bytes]) => ({ name, bytes })).toSorted((a, b) => b.bytes - a.bytes);
}

/** The innermost package that a file belongs to, or the workspace. */
function packageOf(path: string): string {
  const [, inPackage] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return inPackage ?? path.split('/')[0] ?? path;
}
